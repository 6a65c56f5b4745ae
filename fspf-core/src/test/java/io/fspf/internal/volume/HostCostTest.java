package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.Freshness;
import io.fspf.Integrity;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.file.ContentLimits;
import io.fspf.internal.host.NioHost;
import io.fspf.internal.host.Operation;
import io.fspf.internal.host.Operation.Kind;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What reading and writing cost that no machine's noise changes: calls of the host, counted one by
 * one, and bytes allocated. A figure that rises is a way that became slower.
 */
class HostCostTest {
  private static final int BUFFER = 64 << 10;
  private static final int SIZE = 1 << 20;

  /** Those of the product, but all work in one thread. */
  private static final ContentLimits ALONE =
      new ContentLimits(
          ContentLimits.STANDARD.inlineBytes(),
          ContentLimits.STANDARD.fileDirtyBytes(),
          ContentLimits.STANDARD.volumeHeldBytes(),
          ContentLimits.STANDARD.keyUses(),
          false);

  private static final VolumePath FILE = VolumePath.of("/file");

  private final VolumeBench bench = new VolumeBench(1);

  private interface Work {
    void run() throws IOException;
  }

  private List<Operation> callsOf(Work work) throws IOException {
    bench.host().startLog();
    work.run();
    return bench.host().log();
  }

  private static long count(List<Operation> calls, Kind kind, String part) {
    return calls.stream()
        .filter(call -> call.kind() == kind && call.path().toString().contains(part))
        .count();
  }

  private static void write(VolumeFile file, int size, int bufferSize) throws IOException {
    byte[] bytes = new byte[bufferSize];
    new Random(7).nextBytes(bytes);
    for (long position = 0; position < size; position += bufferSize) {
      file.write(ByteBuffer.wrap(bytes), position);
    }
  }

  private static void read(VolumeFile file, ByteBuffer buffer) throws IOException {
    long position = 0;
    for (int count = 0; count >= 0; count = file.read(buffer.clear(), position)) {
      position += count;
    }
  }

  private Volume volume(long cacheBytes) throws IOException {
    return volume(cacheBytes, ALONE);
  }

  private Volume volume(long cacheBytes, ContentLimits limits) throws IOException {
    bench.setLimits(limits);
    bench.setCacheBytes(cacheBytes);
    return bench.create(List.of(Region.encrypted(VolumePath.ROOT, ".").withChunkSize(4 << 10)));
  }

  private static VolumeFile create(Volume volume, VolumePath path) throws IOException {
    return volume.open(
        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  }

  /** 256 chunks of 4 KiB: 64 of them go through one call. */
  @Test
  void neighboursGoTogether() throws IOException {
    try (Volume volume = volume(0);
        VolumeFile file = create(volume, FILE)) {
      volume.commit();
      List<Operation> writing = callsOf(() -> write(file, SIZE, BUFFER));
      assertThat(count(writing, Kind.READ, "fspf.pb"))
          .as("the tree is asked once, without a cache, which slots are in use")
          .isEqualTo(1);
      assertThat(writing).as("held until the commit").hasSize(1);
      List<Operation> commit = callsOf(volume::commit);
      assertThat(count(commit, Kind.WRITE, "objects")).isEqualTo(4);
      assertThat(count(commit, Kind.SYNC, "objects")).isEqualTo(1);
      assertThat(count(commit, Kind.SYNC, "fspf.pb")).isEqualTo(1);
      assertThat(count(commit, Kind.READ, "objects"))
          .as("no chunk is read to be replaced")
          .isZero();

      List<Operation> small = callsOf(() -> read(file, ByteBuffer.allocate(BUFFER)));
      assertThat(count(small, Kind.READ, "objects")).isEqualTo(SIZE / BUFFER);
      List<Operation> large = callsOf(() -> read(file, ByteBuffer.allocate(SIZE)));
      assertThat(count(large, Kind.READ, "objects")).isEqualTo(4);
      assertThat(small).allMatch(call -> call.kind() == Kind.READ);
    }
  }

  @Test
  void wholeChunksAreReplacedWithoutBeingRead() throws IOException {
    try (Volume volume = volume(0);
        VolumeFile file = create(volume, FILE)) {
      write(file, SIZE, BUFFER);
      volume.commit();
      List<Operation> again =
          callsOf(
              () -> {
                write(file, SIZE, BUFFER);
                volume.commit();
              });
      assertThat(count(again, Kind.READ, "objects")).isZero();
      assertThat(count(again, Kind.WRITE, "objects")).isEqualTo(4);
      List<Operation> part =
          callsOf(() -> file.write(ByteBuffer.wrap(new byte[100]), 5 * 4096 + 7));
      assertThat(part).hasSize(1);
      assertThat(part.get(0).kind()).isEqualTo(Kind.READ);
      assertThat(part.get(0).length()).isEqualTo(4096);
    }
  }

  /** In each of 16 chunks, four times, in another order each time. */
  private static void writeHereAndThere(VolumeFile file) throws IOException {
    for (int i = 0; i < 64; i++) {
      long chunk = i * 5L % 16;
      file.write(ByteBuffer.wrap(new byte[] {(byte) i}), chunk * 3 * 4096 + i);
    }
  }

  @Test
  void whatIsChangedOftenIsReadOnceAndWrittenOncePerCommit() throws IOException {
    try (Volume volume = volume(0);
        VolumeFile file = create(volume, FILE)) {
      write(file, SIZE, BUFFER);
      volume.commit();
      List<Operation> writing = callsOf(() -> writeHereAndThere(file));
      assertThat(count(writing, Kind.READ, "objects")).isEqualTo(16);
      assertThat(count(writing, Kind.WRITE, "objects")).isZero();
      assertThat(count(callsOf(volume::commit), Kind.WRITE, "objects")).isEqualTo(16);
      assertThat(callsOf(() -> writeHereAndThere(file)))
          .as("held after the commit as well")
          .isEmpty();
      assertThat(count(callsOf(volume::commit), Kind.WRITE, "objects")).isEqualTo(16);
    }
  }

  @Test
  void changesThatAreTooManyDoNotWaitForTheCommit() throws IOException {
    int held = 32 * 4096;
    var few =
        new ContentLimits(
            ALONE.inlineBytes(), ALONE.fileDirtyBytes(), held, ALONE.keyUses(), false);
    try (Volume volume = volume(0, few);
        VolumeFile file = create(volume, FILE)) {
      write(file, SIZE, BUFFER);
      volume.commit();
      List<Operation> writing =
          callsOf(
              () -> {
                for (int chunk = 0; chunk < 256; chunk++) {
                  file.write(ByteBuffer.wrap(new byte[] {1}), chunk * 4096L + chunk);
                }
              });
      long early = count(writing, Kind.WRITE, "objects");
      assertThat(early).isGreaterThan(0);
      List<Operation> commit = callsOf(volume::commit);
      long bytes =
          commit.stream()
              .filter(
                  call -> call.kind() == Kind.WRITE && call.path().toString().contains("objects"))
              .mapToLong(Operation::length)
              .sum();
      assertThat(bytes).isLessThanOrEqualTo(held);
      var one = ByteBuffer.allocate(1);
      for (int chunk = 0; chunk < 256; chunk++) {
        file.read(one.clear(), chunk * 4096L + chunk);
        assertThat(one.get(0)).isEqualTo((byte) 1);
      }
    }
  }

  /** 6 of the 8 MiB are for chunks. */
  @Test
  void whatIsHeldIsTakenFromTheCache() throws IOException {
    int files = 4 * SIZE;
    try (Volume volume = volume(8 << 20);
        VolumeFile file = create(volume, FILE);
        VolumeFile other = create(volume, VolumePath.of("/other"))) {
      write(file, files, BUFFER);
      write(other, files, BUFFER);
      volume.commit();
      var buffer = ByteBuffer.allocate(1000);
      read(file, buffer);
      assertThat(callsOf(() -> read(file, buffer))).isEmpty();
      for (int chunk = 0; chunk < 1024; chunk++) {
        other.write(ByteBuffer.wrap(new byte[] {1}), chunk * 4096L);
      }
      assertThat(count(callsOf(() -> read(file, buffer)), Kind.READ, "objects"))
          .as("4 MiB of 6 are held")
          .isGreaterThanOrEqualTo(512);
      volume.commit();
      other.close();
      volume.commit();
      read(file, buffer);
      assertThat(callsOf(() -> read(file, buffer))).as("given back").isEmpty();
    }
  }

  @Test
  void whatIsInTheCacheCostsNoCall() throws IOException {
    try (Volume volume = volume(8 << 20);
        VolumeFile file = create(volume, FILE)) {
      write(file, SIZE, BUFFER);
      volume.commit();
      ByteBuffer buffer = ByteBuffer.allocate(1000);
      List<Operation> first = callsOf(() -> read(file, buffer));
      assertThat(count(first, Kind.READ, "objects")).isEqualTo(SIZE / 4096);
      assertThat(callsOf(() -> read(file, buffer))).isEmpty();
    }
  }

  /** A hundred files of a hundred bytes: they stand in the tree, and one append takes them all. */
  @Test
  void smallFilesGoIntoTheTree() throws IOException {
    try (Volume volume = volume(8 << 20)) {
      volume.commit();
      List<Operation> made =
          callsOf(
              () -> {
                for (int i = 0; i < 100; i++) {
                  try (VolumeFile file = create(volume, VolumePath.of("/f" + i))) {
                    write(file, 100, 100);
                  }
                }
              });
      assertThat(made).isEmpty();
      List<Operation> commit = callsOf(volume::commit);
      assertThat(count(commit, Kind.SYNC, "")).isEqualTo(1);
      assertThat(count(commit, Kind.WRITE, "objects")).isZero();
      List<Operation> looked =
          callsOf(
              () -> {
                for (int i = 0; i < 100; i++) {
                  VolumePath path = VolumePath.of("/f" + i);
                  assertThat(volume.attributes(path).size()).isEqualTo(100);
                  try (VolumeFile file = volume.open(path, StandardOpenOption.READ)) {
                    assertThat(file.read(ByteBuffer.allocate(200), 0)).isEqualTo(100);
                  }
                }
              });
      assertThat(looked).isEmpty();
    }
  }

  /** Per 64 KiB, a chunk: nothing that grows with the bytes. Before there were pools, 65 KiB. */
  @ParameterizedTest
  @EnumSource(Integrity.class)
  void allocation(Integrity integrity, @TempDir Path directory) throws Exception {
    boolean hidden = integrity == Integrity.GCM || integrity == Integrity.GCM_SHA256;
    Region region =
        hidden
            ? Region.encrypted(VolumePath.ROOT, ".")
            : Region.authenticated(VolumePath.ROOT, ".");
    var environment = new VolumeEnvironment(CryptoContext.standard(), Clock.systemUTC(), ALONE);
    VolumeOptions options =
        VolumeOptions.of(Freshness.unchecked())
            .withKeys(KeyProviders.raw(VolumeKey.generate()))
            .withCacheBytes(0);
    var location =
        new VolumeLocation(NioHost.DEFAULT, directory.toString(), Name.of(Volume.FILE_NAME), null);
    try (Volume volume =
            Volumes.create(
                environment, location, options, List.of(region.withIntegrity(integrity)));
        VolumeFile file = create(volume, FILE)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      int size = 4 * SIZE;
      Work write =
          () -> {
            for (long position = 0; position < size; position += BUFFER) {
              file.write(buffer.clear(), position);
            }
            file.force();
          };
      assertThat(perBuffer(write, size)).isLessThan(16 << 10);
      assertThat(perBuffer(() -> read(file, buffer), size)).isLessThan(8 << 10);
    }
  }

  /**
   * Per file of a hundred bytes that is made, and per file that is looked at. When each record of a
   * leaf was copied by itself and paths were walked several times: 29 and 3.2 KB.
   */
  @Test
  void allocationOfSmallFiles(@TempDir Path directory) throws Exception {
    try (Volume volume =
        Volume.create(
            directory,
            VolumeOptions.of(Freshness.unchecked())
                .withKeys(KeyProviders.raw(VolumeKey.generate()))
                .withCommitInterval(Duration.ZERO),
            List.of(Region.encrypted(VolumePath.ROOT, ".")))) {
      int count = 2000;
      var next = new AtomicInteger();
      Work creation =
          () -> {
            for (int i = 0; i < count; i++) {
              try (VolumeFile file = create(volume, smallFile(next.getAndIncrement()))) {
                write(file, 100, 100);
              }
            }
          };
      Work look =
          () -> {
            long bytes = 0;
            for (int i = 0; i < count; i++) {
              bytes += volume.attributes(smallFile(i)).size();
            }
            assertThat(bytes).isEqualTo(100L * count);
          };
      assertThat(per(count, creation)).isLessThan(14 << 10);
      assertThat(per(count, look)).isLessThan(2500);
    }
  }

  private static VolumePath smallFile(int number) {
    return VolumePath.of("/file" + number);
  }

  private static long perBuffer(Work work, int size) throws Exception {
    return per(size / BUFFER, work);
  }

  private static long per(int count, Work work) throws Exception {
    for (int i = 0; i < 3; i++) {
      work.run();
    }
    long before = allocatedBytes();
    work.run();
    return (allocatedBytes() - before) / count;
  }

  /** By reflection, since the module of the core does not read those of the management beans. */
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    return (long)
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getThreadAllocatedBytes", long.class)
            .invoke(threads, Thread.currentThread().getId());
  }
}
