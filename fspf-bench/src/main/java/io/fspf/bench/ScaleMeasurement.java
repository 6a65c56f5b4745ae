package io.fspf.bench;

import io.fspf.Freshness;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeInfo;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.bench.report.Measurement;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.seal.Sealer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a volume of many files costs: to seal it, to open it and look one file up, to commit one
 * byte.
 *
 * <p>Each step runs in a JVM of its own with a heap of 64 MiB. Files are small, so that they stand
 * in the metadata, a thousand to a directory.
 */
final class ScaleMeasurement {
  private static final int[] SIZES = {1_000, 1_000_000};
  private static final int WARM_UP = 3000;
  private static final int TRIES = 1001;

  private ScaleMeasurement() {}

  /** One step, in the process that {@link #measure} has started for it. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    int files = Integer.parseInt(arguments[2]);
    switch (arguments[0]) {
      case "seal" -> seal(directory);
      case "open" -> open(directory, files);
      case "commit" -> commit(directory, files);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Measures all, and prints a table. Trees that an earlier run has made are used again. */
  static void measure(Path directory) throws Exception {
    System.out.println("| files | step | result |\n|---|---|---|");
    for (int files : SIZES) {
      Path base = Files.createDirectories(directory.resolve("files" + files));
      makeTree(base.resolve("tree"), files);
      for (String step : List.of("seal", "open", "commit")) {
        run(step, base, files);
      }
    }
  }

  private static void makeTree(Path tree, int files) throws IOException {
    for (int i = 0; i < files; i++) {
      Path file = tree.resolve(name(i).toString().substring(1));
      if (i % 1000 == 0) {
        Files.createDirectories(file.getParent());
      }
      if (!Files.exists(file)) {
        Files.writeString(file, "file " + i);
      }
    }
  }

  private static VolumePath name(int i) {
    return VolumePath.of(String.format("/d%04d/f%03d", i / 1000, i % 1000));
  }

  private static void run(String step, Path base, int files) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx64m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ScaleMeasurement.class.getName(), step, base.toString(), "" + files));
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException(step + " of " + files + " files ended with " + exit);
    }
  }

  private static KeyProvider keys(Path base) {
    return KeyProviders.file(base.resolve("key"));
  }

  private static VolumeOptions options(Path base) {
    return VolumeOptions.of(Freshness.unchecked()).withKeys(keys(base)).withCacheBytes(8 << 20);
  }

  private static void seal(Path base) throws IOException {
    long start = System.nanoTime();
    VolumeInfo info =
        Sealer.encrypt(base.resolve("tree"), base.resolve("volume"))
            .withKeys(keys(base))
            .withForce(true)
            .seal();
    row(
        info.files(),
        "seal",
        String.format(
            "%.2f s, peak heap %d MiB, metadata %.1f MiB",
            (System.nanoTime() - start) / 1e9, peakHeap() >> 20, info.metadataBytes() / 1048576.0));
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }

  private static void open(Path base, int files) throws IOException {
    long[] nanos = new long[TRIES];
    long first = 0;
    for (int n = 0; n < WARM_UP + TRIES; n++) {
      int i = n % TRIES;
      VolumePath path = name((int) (files * (long) i / TRIES));
      long start = System.nanoTime();
      try (Volume volume = Volume.open(base.resolve("volume"), options(base));
          VolumeFile file = volume.open(path)) {
        ByteBuffer into = ByteBuffer.allocate(100);
        file.read(into, 0);
        String content = new String(into.array(), 0, into.position(), StandardCharsets.UTF_8);
        if (!content.startsWith("file ")) {
          throw new IOException("Wrong content");
        }
      }
      nanos[i] = System.nanoTime() - start;
      if (n == 0) {
        first = nanos[0];
      }
    }
    row(
        files,
        "open, look up and read one file",
        String.format("%.3f ms (median of %d), first %.1f ms", median(nanos), TRIES, first / 1e6));
  }

  private static void commit(Path base, int files) throws IOException {
    long[] nanos = new long[TRIES];
    long most = 0;
    try (Volume volume = Volume.open(base.resolve("volume"), options(base).writable())) {
      for (int n = 0; n < WARM_UP + TRIES; n++) {
        int i = n % TRIES;
        VolumePath path = name((int) (files * (long) i / TRIES));
        try (VolumeFile file = volume.open(path, StandardOpenOption.WRITE)) {
          file.write(ByteBuffer.wrap(new byte[] {'f'}), 0);
        }
        long before = volume.info().metadataBytes();
        long start = System.nanoTime();
        volume.commit();
        nanos[i] = System.nanoTime() - start;
        most = Math.max(most, volume.info().metadataBytes() - before);
      }
    }
    row(
        files,
        "commit a change of one byte",
        String.format(
            "%.3f ms (median of %d), at most %d bytes written", median(nanos), TRIES, most));
  }

  private static double median(long[] nanos) {
    return Measurement.median(Arrays.stream(nanos).mapToObj(each -> each / 1e6).toList());
  }

  private static void row(long files, String step, String result) {
    System.out.printf("| %,d | %s | %s |%n", files, step, result);
  }
}
