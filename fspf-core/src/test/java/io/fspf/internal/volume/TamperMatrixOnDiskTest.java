package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fspf.Freshness;
import io.fspf.FspfException;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProviders;
import io.fspf.seal.Verifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What only a real file system has: a FIFO, which lets who opens it wait for its other end, links
 * to what never ends, directories, and sparse files of a tebibyte, in the place of every host file
 * and of the directories above. Nothing hangs, nothing wrong is read.
 */
class TamperMatrixOnDiskTest {
  private static final int CHUNK = VolumeBench.CHUNK;
  private static final long TEBIBYTE = 1L << 40;
  private static final TamperReport REPORT =
      new TamperReport(Stream.of(Time.values()).map(Time::toString).toList());

  @TempDir Path directory;

  /** When the host edits its files. */
  private enum Time {
    BEFORE_OPEN,
    WHILE_OPEN,
    AFTER_METADATA
  }

  /** What comes in the place of a file. */
  private enum Edit {
    FIFO {
      @Override
      void apply(Path file) throws IOException {
        setAside(file);
        makeFifo(file);
      }
    },
    LINK_TO_FIFO {
      @Override
      void apply(Path file) throws IOException {
        setAside(file);
        Path fifo = file.resolveSibling("fifo~");
        makeFifo(fifo);
        Files.createSymbolicLink(file, fifo);
      }
    },
    LINK_TO_ITSELF {
      @Override
      void apply(Path file) throws IOException {
        setAside(file);
        Files.createSymbolicLink(file, file.getFileName());
      }
    },
    LINK_TO_DEVICE {
      @Override
      void apply(Path file) throws IOException {
        setAside(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
      }
    },
    LINK_TO_THE_SAME {
      @Override
      void apply(Path file) throws IOException {
        setAside(file);
        Files.createSymbolicLink(file, aside(file));
      }
    },
    DIRECTORY {
      @Override
      void apply(Path file) throws IOException {
        setAside(file);
        Files.createDirectory(file);
      }
    },
    SPARSE_GIANT {
      @Override
      void apply(Path file) throws IOException {
        setAside(file);
        if (Files.isDirectory(aside(file))) {
          Files.createFile(file);
        } else {
          Files.copy(aside(file), file);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.allocate(1), TEBIBYTE);
        }
      }
    };

    abstract void apply(Path file) throws IOException;

    void undo(Path file) throws IOException {
      Files.delete(file);
      Files.deleteIfExists(file.resolveSibling("fifo~"));
      Files.move(aside(file), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void setAside(Path file) throws IOException {
      Files.move(file, aside(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path aside(Path file) {
      return file.resolveSibling("aside~");
    }

    private static void makeFifo(Path path) throws IOException {
      try {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @AfterAll
  static void print() throws IOException {
    REPORT.print("Tamper matrix on disk");
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void noEditHangsOrIsServed(TamperKind kind) throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo");
    Path home = Files.createDirectory(directory.resolve("volume"));
    Files.createDirectory(home.resolve(TamperKind.CONTENT));
    VolumeOptions free = VolumeOptions.of(Freshness.unchecked()).withCacheBytes(0);
    VolumeKey key = VolumeKey.generate();
    VolumeOptions options = kind.isKeyed() ? free.withKeys(KeyProviders.raw(key)) : free;
    try (Volume volume = Volume.create(home, options, List.of(kind.region()))) {
      volume.createDirectory(VolumePath.of("/dir"), 0755);
      write(volume, "/three", 2 * CHUNK + 100);
      write(volume, "/dir/one", CHUNK);
    }
    RootTag tag = Volume.tagOf(home);
    VolumeOptions pinned = VolumeOptions.of(Freshness.pinned(tag)).withCacheBytes(0);
    VolumeOptions reading = kind.isKeyed() ? pinned.withKeys(KeyProviders.raw(key)) : pinned;
    VolumeDump expected;
    try (Volume volume = Volume.open(home, reading)) {
      expected = VolumeDump.of(volume);
    }
    List<Path> targets;
    try (Stream<Path> paths = Files.walk(home)) {
      targets = paths.filter(path -> !path.equals(home)).sorted().toList();
    }
    for (Path target : targets) {
      boolean isDirectory = Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
      for (Edit edit : Edit.values()) {
        if (isDirectory && edit == Edit.DIRECTORY) {
          continue;
        }
        // Takes seconds each time; HostileFileTest does it in memory.
        if (edit == Edit.SPARSE_GIANT && target.endsWith(Volume.FILE_NAME)) {
          continue;
        }
        for (Time time : Time.values()) {
          boolean refused = tryOne(home, reading, expected, edit, target, time);
          edit.undo(target);
          REPORT.add(kind.toString(), edit.toString(), time.toString(), refused);
        }
      }
    }
    try (Volume volume = Volume.open(home, reading)) {
      assertThat(expected.refusals(volume)).as("after all edits were undone").isZero();
    }
  }

  private static boolean tryOne(
      Path home, VolumeOptions reading, VolumeDump expected, Edit edit, Path target, Time time)
      throws IOException {
    boolean refused = false;
    String what = edit + " in the place of " + home.relativize(target) + ", " + time;
    if (time == Time.BEFORE_OPEN) {
      edit.apply(target);
      try {
        boolean intact = Verifier.of(home, reading).withThreads(1).verify().isIntact();
        assertThat(intact && edit != Edit.LINK_TO_THE_SAME && edit != Edit.SPARSE_GIANT)
            .as("verify is content with %s", what)
            .isFalse();
      } catch (FspfException | FileSystemException e) {
        refused = true;
      }
    }
    try (Volume volume = Volume.open(home, reading)) {
      if (time == Time.WHILE_OPEN) {
        edit.apply(target);
      }
      if (time == Time.AFTER_METADATA) {
        try (VolumeFile file = volume.open(VolumePath.of("/three"))) {
          edit.apply(target);
          ByteBuffer into = ByteBuffer.allocate(2 * CHUNK + 100);
          while (into.hasRemaining() && file.read(into, into.position()) > 0) {
            // On to the rest.
          }
          assertThat(into.array()).isEqualTo(expected.content(VolumePath.of("/three")));
        } catch (FspfException e) {
          refused = true;
        }
      }
      refused |= expected.refusals(volume) > 0;
    } catch (FspfException | FileSystemException e) {
      assertThat(time).as("%s: %s", what, e).isEqualTo(Time.BEFORE_OPEN);
      refused = true;
    } catch (AssertionError e) {
      throw new AssertionError(what, e);
    }
    return refused;
  }

  private static void write(Volume volume, String path, int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    try (VolumeFile file =
        volume.open(VolumePath.of(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(bytes), 0);
    }
  }
}
