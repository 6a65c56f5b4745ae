package io.fspf.bench;

import io.fspf.Freshness;
import io.fspf.Integrity;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The encrypt and verify path of one file of 64 MiB on the page cache, beside the default file
 * system: whole reads and writes in buffers of 64 KiB. A result is the time for the whole file.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ContentBench {
  private static final int SIZE = 64 << 20;
  private static final int BUFFER = 64 << 10;

  /** What the records of the chunks are made of. */
  @Param({"GCM", "GCM_SHA256", "GMAC", "SHA256"})
  private Integrity integrity = Integrity.GCM;

  private Path directory = Path.of("");
  private Volume volume = closedVolume();
  private VolumeFile file = closedFile();
  private Path plain = Path.of("");
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

  @SuppressWarnings("NullAway") // Set before each trial.
  private static Volume closedVolume() {
    return null;
  }

  @SuppressWarnings("NullAway") // Set before each trial.
  private static VolumeFile closedFile() {
    return null;
  }

  /** A volume and a plain file with the same content. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("fspf-bench");
    boolean encrypted = integrity == Integrity.GCM || integrity == Integrity.GCM_SHA256;
    Region region =
        encrypted
            ? Region.encrypted(VolumePath.ROOT, ".")
            : Region.authenticated(VolumePath.ROOT, ".");
    VolumeOptions options =
        VolumeOptions.of(Freshness.unchecked())
            .withKeys(KeyProviders.raw(VolumeKey.generate()))
            .withCacheBytes(0);
    volume = Volume.create(directory, options, List.of(region.withIntegrity(integrity)));
    VolumePath path = VolumePath.of("/file");
    file =
        volume.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    new Random(1).nextBytes(buffer.array());
    plain = directory.resolve("plain");
    writeDefault();
    write();
  }

  /** Removes both. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    file.close();
    volume.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Reads, verifies and, where encrypted, decrypts the file. */
  @Benchmark
  public long read() throws IOException {
    long position = 0;
    while (position < SIZE) {
      position += file.read(buffer.clear(), position);
    }
    return position;
  }

  /** Protects and writes the file, and commits. */
  @Benchmark
  public void write() throws IOException {
    for (long position = 0; position < SIZE; position += BUFFER) {
      file.write(buffer.clear(), position);
    }
    file.force();
  }

  /** The default file system reads. */
  @Benchmark
  public long readDefault() throws IOException {
    try (FileChannel channel = FileChannel.open(plain, StandardOpenOption.READ)) {
      long position = 0;
      while (position < SIZE) {
        position += channel.read(buffer.clear(), position);
      }
      return position;
    }
  }

  /** The default file system writes, and forces once. */
  @Benchmark
  public void writeDefault() throws IOException {
    try (FileChannel channel =
        FileChannel.open(plain, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      for (long position = 0; position < SIZE; position += BUFFER) {
        channel.write(buffer.clear(), position);
      }
      channel.force(true);
    }
  }
}
