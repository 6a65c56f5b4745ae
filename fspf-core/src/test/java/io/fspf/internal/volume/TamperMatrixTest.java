package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.AttributeChange;
import io.fspf.FileAttributes;
import io.fspf.Freshness;
import io.fspf.FspfException;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.internal.host.OperationHook.Answer;
import io.fspf.internal.host.SimulatedHost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every host file of a small volume, edited in every way at every time: what is read is exactly
 * what was committed, or a typed exception that names the clear path and the offset. Never another
 * byte, a short file or a missing name.
 *
 * <p>The simulated host does all but what only a real file system has: see {@link
 * TamperMatrixOnDiskTest}.
 */
class TamperMatrixTest {
  private static final boolean SLOW = Boolean.getBoolean("fspf.slow");
  private static final long SEED = Long.getLong("fspf.test.seed", System.nanoTime());

  /** Of the bytes of a file every so many-th is flipped. */
  private static final int FLIP_STEP = SLOW ? 1 : 127;

  /** Of edits at times that are many, so many are tried. */
  private static final int SAMPLES = SLOW ? 400 : 24;

  private static final int CHUNK = VolumeBench.CHUNK;
  private static final TamperReport REPORT =
      new TamperReport(Stream.of(Time.values()).map(Time::toString).toList());

  /** When the host edits its files. */
  private enum Time {
    BEFORE_OPEN,
    WHILE_OPEN,
    AFTER_METADATA,
    AMID_READ,
    FOR_ONE_READ
  }

  /**
   * One edit of the host.
   *
   * @param kind how it is called in the report
   * @param file the host file that it is about
   */
  private record Edit(String kind, String file, Consumer<SimulatedHost> action) {
    @Override
    public String toString() {
      return kind + " of " + file;
    }
  }

  /** A volume of one region on a host, and what is right. */
  private record Target(
      TamperKind kind, VolumeBench bench, SimulatedHost.Snapshot older, VolumeDump expected) {}

  @AfterAll
  static void print() throws IOException {
    REPORT.print("Tamper matrix");
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void everyFileEveryEditEveryTime(TamperKind kind) throws IOException {
    Target target = volume(kind);
    Random random = new Random(SEED ^ kind.name().hashCode());
    SimulatedHost honest = target.bench().host();
    int operations = countOperations(target);
    List<Edit> all = edits(honest, target.older(), FLIP_STEP);
    for (Edit edit : all) {
      run(target, edit, Time.BEFORE_OPEN, 0);
    }
    // The same edits, at places further apart.
    for (Edit edit : edits(honest, target.older(), SLOW ? 61 : 2003)) {
      run(target, edit, Time.WHILE_OPEN, 0);
      run(target, edit, Time.AFTER_METADATA, 0);
      int amid = random.nextInt(operations);
      run(target, edit, Time.AMID_READ, amid);
      run(target, edit, Time.FOR_ONE_READ, amid);
    }
    for (int i = 0; i < SAMPLES; i++) {
      Edit edit = all.get(random.nextInt(all.size()));
      run(target, edit, Time.AMID_READ, random.nextInt(operations));
      run(target, edit, Time.FOR_ONE_READ, random.nextInt(operations));
    }
    for (int operation = 0; operation < operations; operation++) {
      Edit lie = new Edit("lie", "the answer to operation " + operation, host -> {});
      runLie(target, lie, operation, random);
    }
    for (String edit : List.of("flip", "cut", "zero", "old", "swap", "delete", "link", "special")) {
      assertThat(REPORT.refused(kind.toString(), edit, Time.BEFORE_OPEN.toString()))
          .as("%s of %s: refused at least once", edit, kind)
          .isPositive();
    }
  }

  /** Files of one and more chunks, inline ones, two of one size, links; changed after a commit. */
  private static Target volume(TamperKind kind) throws IOException {
    var bench = new VolumeBench(SEED, kind.isKeyed());
    bench.setCacheBytes(0);
    bench.host().makeDirectories(VolumeBench.HOME + "/" + TamperKind.CONTENT);
    SimulatedHost.Snapshot older;
    try (Volume volume = bench.create(List.of(kind.region()))) {
      volume.createDirectory(VolumePath.of("/dir"), 0750);
      volume.createDirectory(VolumePath.of("/dir/empty"), 0700);
      write(volume, "/three", 2 * CHUNK + 100, 1);
      write(volume, "/dir/three", 2 * CHUNK + 100, 2);
      write(volume, "/dir/one", CHUNK, 3);
      write(volume, "/tiny", 10, 4);
      write(volume, "/nothing", 0, 5);
      write(volume, "/old", CHUNK + 1, 6);
      volume.createSymbolicLink(
          VolumePath.of("/link"), "dir/three".getBytes(StandardCharsets.UTF_8));
      volume.setExtendedAttribute(
          VolumePath.of("/dir/one"), Name.of("color"), "blue".getBytes(StandardCharsets.UTF_8));
      volume.commit();
      older = bench.host().snapshot();
      write(volume, "/three", 2 * CHUNK + 100, 7);
      write(volume, "/tiny", 10, 8);
      write(volume, "/dir/new", 3 * CHUNK, 9);
      volume.delete(VolumePath.of("/old"));
      volume.move(
          VolumePath.of("/dir/one"), VolumePath.of("/dir/moved"), StandardCopyOption.ATOMIC_MOVE);
      volume.setAttributes(VolumePath.of("/dir/moved"), AttributeChange.ofMode(0640));
    }
    VolumeDump expected;
    try (Volume volume = bench.openForReading()) {
      bench.setFreshness(Freshness.pinned(volume.tag()));
      expected = VolumeDump.of(volume);
    }
    return new Target(kind, bench, older, expected);
  }

  private static void write(Volume volume, String path, int size, int seed) throws IOException {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    try (VolumeFile file =
        volume.open(VolumePath.of(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(bytes), 0);
    }
  }

  /** All edits of all files. */
  private static List<Edit> edits(SimulatedHost host, SimulatedHost.Snapshot older, int step) {
    var edits = new ArrayList<Edit>();
    List<String> files = host.files().stream().map(VolumePath::toString).toList();
    for (String file : files) {
      int size = host.read(file).length;
      for (int at = size - 1; at >= 0; at -= step) {
        long bit = 8L * at + at % 8;
        edits.add(new Edit("flip", file, h -> h.flip(file, bit)));
      }
      for (int length : lengths(size)) {
        edits.add(new Edit("cut", file, h -> h.cut(file, length)));
        int count = Math.min(CHUNK, size - length);
        edits.add(new Edit("zero", file, h -> h.zero(file, length, count)));
      }
      for (int more : new int[] {1, CHUNK, 3 * CHUNK + 1}) {
        edits.add(new Edit("extend", file, h -> h.extend(file, filled(more, 0))));
        edits.add(new Edit("extend", file, h -> h.extend(file, filled(more, 0xA5))));
      }
      edits.add(new Edit("old", file, h -> h.restore(older, file)));
      edits.add(new Edit("delete", file, h -> h.delete(file)));
      edits.add(new Edit("duplicate", file, h -> h.replace(file + "~", h.read(file))));
      edits.add(new Edit("duplicate", file, h -> h.replace(file, twice(h.read(file)))));
      edits.add(new Edit("link", file, h -> h.replaceBySymbolicLink(file, file)));
      edits.add(new Edit("link", file, h -> linkToCopy(h, file)));
      edits.add(new Edit("special", file, h -> h.replaceBySpecial(file)));
      edits.add(new Edit("directory", file, h -> h.replaceByDirectory(file)));
      for (String other : files) {
        if (!other.equals(file)) {
          edits.add(new Edit("swap", file, h -> h.swap(file, other)));
          edits.add(new Edit("duplicate", file, h -> h.replace(file, h.read(other))));
          edits.add(new Edit("link", file, h -> h.replaceBySymbolicLink(file, other)));
        }
      }
      for (int one = 0; one + CHUNK <= size; one += CHUNK) {
        for (int other = one + CHUNK; other + CHUNK <= size; other += CHUNK) {
          int from = one;
          int to = other;
          edits.add(new Edit("swap", file, h -> swapChunks(h, file, from, to)));
        }
      }
    }
    edits.add(new Edit("old", "all", h -> h.restore(older)));
    return edits;
  }

  private static List<Integer> lengths(int size) {
    var lengths = new ArrayList<Integer>();
    for (int length :
        new int[] {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, size / 2, size - 1}) {
      if (length >= 0 && length < size && !lengths.contains(length)) {
        lengths.add(length);
      }
    }
    return lengths;
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] twice(byte[] bytes) {
    byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length);
    System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
    return twice;
  }

  private static void linkToCopy(SimulatedHost host, String file) {
    host.replace(file + "~", host.read(file));
    host.replaceBySymbolicLink(file, file + "~");
  }

  private static void swapChunks(SimulatedHost host, String file, int one, int other) {
    byte[] bytes = host.read(file);
    byte[] changed = bytes.clone();
    System.arraycopy(bytes, one, changed, other, CHUNK);
    System.arraycopy(bytes, other, changed, one, CHUNK);
    host.replace(file, changed);
  }

  /** How many operations of the host it takes to open the volume and read all of it. */
  private static int countOperations(Target target) throws IOException {
    SimulatedHost host = target.bench().host().copy();
    long before = host.operations();
    var outcome = new Outcome(target, "nothing");
    try (Volume volume = open(target, host)) {
      outcome.readAll(volume, () -> {});
    }
    assertThat(outcome.refused).isFalse();
    return (int) (host.operations() - before);
  }

  private static Volume open(Target target, SimulatedHost host) throws IOException {
    target.bench().setHost(host);
    return target.bench().openForReading();
  }

  /** Does an edit at its time on a copy of the host, and reads everything. */
  private static void run(Target target, Edit edit, Time time, int operation) throws IOException {
    SimulatedHost honest = target.bench().host();
    SimulatedHost host = honest.copy();
    var outcome = new Outcome(target, edit + ", " + time + " " + operation + ", seed " + SEED);
    long first = host.operations();
    if (time == Time.BEFORE_OPEN) {
      edit.action().accept(host);
    } else if (time == Time.AMID_READ || time == Time.FOR_ONE_READ) {
      SimulatedHost.Snapshot before = host.snapshot();
      host.setHook(
          next -> {
            if (next.number() == first + 1 + operation) {
              edit.action().accept(host);
            } else if (time == Time.FOR_ONE_READ && next.number() == first + 2 + operation) {
              host.restore(before);
            }
            return Answer.PROCEED;
          });
    }
    try (Volume volume = open(target, host)) {
      if (time == Time.WHILE_OPEN) {
        edit.action().accept(host);
      }
      outcome.readAll(
          volume,
          () -> {
            if (time == Time.AFTER_METADATA) {
              edit.action().accept(host);
            }
          });
    } catch (FspfException e) {
      outcome.refuse(e);
    } catch (FileSystemException e) {
      // There is no such file any more, or it is something else, and so no volume.
      assertThat(edit.file()).as(outcome.what).isIn(VolumeBench.FILE, "all");
      outcome.refused = true;
    } finally {
      target.bench().setHost(honest);
    }
    REPORT.add(target.kind().toString(), edit.kind(), time.toString(), outcome.refused);
  }

  /** The host answers one read with other bytes than the next one of the same place. */
  private static void runLie(Target target, Edit lie, int operation, Random random)
      throws IOException {
    SimulatedHost honest = target.bench().host();
    SimulatedHost host = honest.copy();
    long number = host.operations() + 1 + operation;
    boolean[] lied = new boolean[1];
    host.setReadHook(
        (read, into, offset, count) -> {
          if (read.number() == number && count > 0) {
            lied[0] = true;
            into[offset + random.nextInt(count)] ^= (byte) (1 << random.nextInt(8));
          }
        });
    var outcome = new Outcome(target, lie + ", seed " + SEED);
    try (Volume volume = open(target, host)) {
      outcome.readAll(volume, () -> {});
    } catch (FspfException e) {
      outcome.refuse(e);
    } finally {
      target.bench().setHost(honest);
    }
    if (lied[0]) {
      REPORT.add(
          target.kind().toString(), lie.kind(), Time.FOR_ONE_READ.toString(), outcome.refused);
    }
  }

  /** Reads all of a volume, and holds that each answer is right or refused as it should be. */
  private static final class Outcome {
    private final Target target;
    private final String what;
    private boolean refused;

    Outcome(Target target, String what) {
      this.target = target;
      this.what = target.kind() + ", " + what;
    }

    void refuse(FspfException e) {
      refused = true;
      assertThat(e.getMessage()).as(what).isNotBlank();
    }

    /**
     * Reads all.
     *
     * @param afterMetadata runs between the metadata of all files and their contents
     */
    void readAll(Volume volume, Runnable afterMetadata) throws IOException {
      Map<VolumePath, VolumeFile> open = new TreeMap<>();
      try {
        openAll(volume, open);
        afterMetadata.run();
        for (Map.Entry<VolumePath, VolumeFile> file : open.entrySet()) {
          readInPieces(file.getKey(), file.getValue());
        }
        // And once more, all of it by the paths.
        if (target.expected().refusals(volume) > 0) {
          refused = true;
        }
      } catch (AssertionError e) {
        throw new AssertionError(what + ": " + e, e);
      } finally {
        for (VolumeFile file : open.values()) {
          file.close();
        }
      }
    }

    private void openAll(Volume volume, Map<VolumePath, VolumeFile> open) throws IOException {
      for (VolumePath path : target.expected().paths()) {
        try {
          FileAttributes attributes = volume.attributes(path, LinkOption.NOFOLLOW_LINKS);
          if (attributes.isRegularFile()) {
            open.put(path, volume.open(path));
          }
        } catch (FspfException e) {
          refuse(e);
        }
      }
    }

    private void readInPieces(VolumePath path, VolumeFile file) throws IOException {
      byte[] content = target.expected().content(path);
      for (int at = 0; at < content.length; at += 1000) {
        ByteBuffer into = ByteBuffer.allocate(Math.min(1000, content.length - at));
        try {
          while (into.hasRemaining()) {
            assertThat(file.read(into, at + into.position())).as("%s at %s", path, at).isPositive();
          }
          assertThat(
                  Arrays.equals(
                      into.array(), 0, into.capacity(), content, at, at + into.capacity()))
              .as("%s from %s on", path, at)
              .isTrue();
        } catch (IntegrityException e) {
          refuse(e);
          if (e.path() != null) {
            assertThat(e.path()).as(what).isEqualTo(path.toString());
            assertThat(e.offset()).as("%s: offset of %s", what, e).isPresent();
          } else {
            assertThat(e.getMessage()).as(what).contains("volume metadata");
          }
        }
      }
    }
  }
}
