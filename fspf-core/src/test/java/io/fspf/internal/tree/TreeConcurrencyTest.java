package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Readers on snapshots, while one thread applies edits, another commits what there is, and a third
 * spills and builds. Each version holds one number in all of its records, so a mixture is noticed.
 */
@Timeout(60)
class TreeConcurrencyTest {
  private static final int RECORDS = 600;
  private static final int MILLIS = Integer.getInteger("fspf.tree.millis", 2000);

  /** A tree, and the number in its records. */
  private record Version(Tree tree, long number) {}

  /** A version that threads hand to each other. */
  private static final class Shared {
    private volatile Version version;

    Shared(Version version) {
      this.version = version;
    }

    Version get() {
      return version;
    }

    void set(Version next) {
      version = next;
    }
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  private static byte[] value(long number) {
    return ByteBuffer.allocate(20).putLong(number).array();
  }

  private static void check(Version version, Random random) throws IOException {
    if (random.nextBoolean()) {
      Cursor cursor = version.tree().cursor(key(0));
      int count = 0;
      while (cursor.next()) {
        assertThat(ByteBuffer.wrap(cursor.value()).getLong()).isEqualTo(version.number());
        count++;
      }
      assertThat(count).isEqualTo(RECORDS);
    } else {
      byte[] value = version.tree().get(key(random.nextInt(RECORDS)));
      assertThat(value).isEqualTo(value(version.number()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void snapshotsStayWhatTheyAre(TestVolume volume) throws Exception {
    MemoryFile file = new MemoryFile();
    MetadataLog log =
        volume.create(file, TestVolume.OPTIONS.withNodeTarget(512).withCacheBytes(20_000));
    Shared latest = new Shared(next(new Version(log.empty(), 0)));
    Shared committed = new Shared(latest.get());
    log.commit(latest.get().tree(), TestVolume.FIELDS);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Future<?>> running = new ArrayList<>();
    running.add(
        threads.submit(
            () -> {
              while (System.nanoTime() < end && log.size() < 200 << 20) {
                latest.set(next(latest.get()));
              }
              return null;
            }));
    running.add(
        threads.submit(
            () -> {
              while (System.nanoTime() < end) {
                Version version = latest.get();
                log.commit(version.tree(), new CommitFields(version.number(), 0, 0, 0, 0, false));
                assertThat(log.head().fields().nextInode()).isEqualTo(version.number());
                committed.set(version);
              }
              return null;
            }));
    running.add(
        threads.submit(
            () -> {
              while (System.nanoTime() < end && log.size() < 100 << 20) {
                Version version = latest.get();
                check(new Version(log.spill(version.tree()), version.number()), new Random(1));
                TreeBuilder builder = log.builder();
                for (int i = 0; i < RECORDS; i++) {
                  builder.add(key(i), value(-1));
                }
                check(new Version(builder.finish(), -1), new Random(0));
              }
              return null;
            }));
    for (int reader = 0; reader < 3; reader++) {
      int seed = reader;
      running.add(
          threads.submit(
              () -> {
                Random random = new Random(seed);
                List<Version> old = new ArrayList<>();
                while (System.nanoTime() < end) {
                  check(latest.get(), random);
                  check(committed.get(), random);
                  old.add(latest.get());
                  check(old.get(random.nextInt(old.size())), random);
                  if (old.size() > 50) {
                    old.remove(0);
                  }
                }
                return null;
              }));
    }
    threads.shutdown();
    for (Future<?> thread : running) {
      thread.get();
    }
    Version last = committed.get();
    assertThat(last.number()).isGreaterThan(2);
    log.close();
    try (MetadataLog again =
        volume.open(file, HeadChoice.pinned(log.head().tag()), TestVolume.OPTIONS)) {
      assertThat(TestVolume.contents(again.tree())).isEqualTo(TestVolume.contents(last.tree()));
      TreeCheck.Result check = TreeCheck.verify(again.tree(), new TreeCheck.Visitor() {});
      assertThat(check.isSound()).isTrue();
      assertThat(check.nodeBytes()).isEqualTo(again.liveNodeBytes());
      assertThat(again.history().newest(50)).hasSizeGreaterThan(1);
    }
  }

  private static Version next(Version version) throws IOException {
    TreeEdits edits = new TreeEdits();
    for (int i = 0; i < RECORDS; i++) {
      edits.put(key(i), value(version.number() + 1));
    }
    return new Version(version.tree().apply(edits), version.number() + 1);
  }
}
