package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.IntegrityException;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Large files, where other threads seal, open and read ahead. */
class HelpedContentTest {
  private static final int CHUNK = VolumeBench.CHUNK;
  private static final int SIZE = 600 * CHUNK + 1234;
  private static final long SEED = Long.getLong("fspf.test.seed", System.nanoTime());

  private final VolumeBench bench = new VolumeBench(1);
  private final byte[] content = new byte[SIZE];

  static List<String> regions() {
    return List.of("/", "/both/", "/sha/", "/gmac/");
  }

  @BeforeEach
  void prepare() {
    new Random(SEED).nextBytes(content);
    ContentLimits standard = ContentLimits.STANDARD;
    bench.setLimits(
        new ContentLimits(
            standard.inlineBytes(),
            standard.fileDirtyBytes(),
            standard.volumeHeldBytes(),
            standard.keyUses(),
            true));
    bench.setCacheBytes(0);
  }

  private static VolumeFile open(Volume volume, VolumePath path) throws IOException {
    return volume.open(
        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  private static byte[] read(VolumeFile file, ByteBuffer buffer) throws IOException {
    byte[] all = new byte[SIZE];
    int position = 0;
    for (int count = file.read(buffer.clear(), 0); count >= 0; ) {
      buffer.flip().get(all, position, count);
      position += count;
      count = file.read(buffer.clear(), position);
    }
    assertThat(position).isEqualTo(SIZE);
    return all;
  }

  @ParameterizedTest
  @MethodSource("regions")
  void whatWasWrittenIsReadInEverySize(String directory) throws IOException {
    VolumePath path = VolumePath.of(directory + "file");
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      try (VolumeFile file = open(volume, path)) {
        file.write(ByteBuffer.wrap(content), 0);
        // A second version, so that slots do not stand in their order any more.
        volume.commit();
        Random random = new Random(SEED);
        for (int i = 0; i < 50; i++) {
          int from = random.nextInt(SIZE - 3 * CHUNK);
          byte[] part = new byte[1 + random.nextInt(3 * CHUNK)];
          random.nextBytes(part);
          System.arraycopy(part, 0, content, from, part.length);
          file.write(ByteBuffer.wrap(part), from);
        }
        for (int size : new int[] {777, CHUNK, 16 * CHUNK, 64 * CHUNK, SIZE}) {
          assertThat(read(file, ByteBuffer.allocate(size))).as("%s", SEED).isEqualTo(content);
        }
      }
    }
    try (Volume volume = bench.openForReading();
        VolumeFile file = volume.open(path, StandardOpenOption.READ)) {
      for (int size : new int[] {777, CHUNK, 16 * CHUNK, 64 * CHUNK, SIZE}) {
        assertThat(read(file, ByteBuffer.allocate(size))).as("%s", SEED).isEqualTo(content);
        assertThat(read(file, ByteBuffer.allocateDirect(size))).as("%s", SEED).isEqualTo(content);
      }
    }
  }

  /** A chunk that is not right is named by whoever comes to it, and not before. */
  @ParameterizedTest
  @MethodSource("regions")
  void damageIsFoundWhereItIs(String directory) throws IOException {
    VolumePath path = VolumePath.of(directory + "file");
    try (Volume volume = bench.create(VolumeBench.REGIONS);
        VolumeFile file = open(volume, path)) {
      file.write(ByteBuffer.wrap(content), 0);
    }
    String host =
        bench.host().files().stream()
            .map(VolumePath::toString)
            .filter(name -> bench.host().read(name).length == SIZE)
            .findFirst()
            .orElseThrow();
    int damaged = 200 * CHUNK;
    bench.host().flip(host, 8L * (damaged + 99));
    try (Volume volume = bench.openForReading();
        VolumeFile file = volume.open(path, StandardOpenOption.READ)) {
      for (int size : new int[] {CHUNK, 8 * CHUNK}) {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        for (int position = 0; position < damaged; position += size) {
          assertThat(file.read(buffer.clear(), position)).isEqualTo(size);
          assertThat(buffer.array())
              .isEqualTo(Arrays.copyOfRange(content, position, position + size));
        }
        assertDamaged(file, buffer.clear(), damaged, path, damaged);
      }
      assertDamaged(file, ByteBuffer.allocate(SIZE), 0, path, damaged);
    }
  }

  private static void assertDamaged(
      VolumeFile file, ByteBuffer into, long position, VolumePath path, long damaged) {
    assertThatThrownBy(() -> file.read(into, position))
        .isInstanceOfSatisfying(
            IntegrityException.class,
            e -> {
              assertThat(e.path()).isEqualTo(path.toString());
              assertThat(e.offset()).hasValue(damaged);
            });
    assertThat(into.position()).isZero();
  }

  /** What was read ahead of a change is not what is read after it. */
  @ParameterizedTest
  @MethodSource("regions")
  void changesAreSeen(String directory) throws IOException {
    try (Volume volume = bench.create(VolumeBench.REGIONS);
        VolumeFile file = open(volume, VolumePath.of(directory + "file"))) {
      file.write(ByteBuffer.wrap(content), 0);
      volume.commit();
      ByteBuffer buffer = ByteBuffer.allocate(8 * CHUNK);
      Random random = new Random(SEED);
      for (int position = 0; position + 8 * CHUNK <= SIZE; position += 8 * CHUNK) {
        assertThat(file.read(buffer.clear(), position)).isEqualTo(8 * CHUNK);
        assertThat(buffer.array())
            .as("%s at %s", SEED, position)
            .isEqualTo(Arrays.copyOfRange(content, position, position + 8 * CHUNK));
        int at = Math.min(SIZE - 1, position + random.nextInt(40 * CHUNK));
        content[at]++;
        file.write(ByteBuffer.wrap(content, at, 1), at);
        if (random.nextInt(8) == 0) {
          volume.commit();
        }
      }
    }
  }

  /** Each chunk is of one version always, and of none that is older than one seen before. */
  @Test
  void readersBesideAWriter() throws Exception {
    int chunks = 304;
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Volume volume =
            bench.create(List.of(Region.encrypted(VolumePath.ROOT, ".").withChunkSize(CHUNK)));
        VolumeFile file = open(volume, VolumePath.of("/file"))) {
      file.write(ByteBuffer.wrap(new byte[chunks * CHUNK]), 0);
      volume.commit();
      var writing = new AtomicBoolean(true);
      List<Future<?>> running = new ArrayList<>();
      for (int size : new int[] {CHUNK, 16 * CHUNK, 152 * CHUNK}) {
        Callable<Integer> reader = () -> readVersions(file, chunks, size, writing);
        running.add(threads.submit(reader));
      }
      byte[] bytes = new byte[20 * CHUNK];
      Random random = new Random(SEED);
      for (int version = 1; version <= 60; version++) {
        Arrays.fill(bytes, (byte) version);
        file.write(ByteBuffer.wrap(bytes), (long) random.nextInt(chunks - 20) * CHUNK);
        if (version % 5 == 0) {
          volume.commit();
        }
      }
      writing.set(false);
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static int readVersions(VolumeFile file, int chunks, int size, AtomicBoolean writing)
      throws IOException {
    byte[] seen = new byte[chunks];
    ByteBuffer buffer = ByteBuffer.allocate(size);
    int rounds = 0;
    do {
      for (int position = 0; position < chunks * CHUNK; position += size) {
        assertThat(file.read(buffer.clear(), position)).isEqualTo(size);
        for (int at = 0; at < size; at += CHUNK) {
          byte version = buffer.get(at);
          int chunk = (position + at) / CHUNK;
          assertThat(Arrays.mismatch(buffer.array(), at, at + CHUNK, filled(version), 0, CHUNK))
              .isEqualTo(-1);
          assertThat(version).as("chunk %s, %s", chunk, SEED).isGreaterThanOrEqualTo(seen[chunk]);
          seen[chunk] = version;
        }
      }
      rounds++;
    } while (writing.get());
    return rounds;
  }

  private static byte[] filled(byte value) {
    byte[] bytes = new byte[CHUNK];
    Arrays.fill(bytes, value);
    return bytes;
  }
}
