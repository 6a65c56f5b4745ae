package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumePath;
import io.fspf.internal.host.Operation;
import io.fspf.internal.host.OperationHook.Answer;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Callers that wait while a commit is under way share the next one, and lose nothing by it. */
class GroupCommitTest {
  private static final int THREADS = 8;

  private final VolumeBench bench = new VolumeBench(1);
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @Test
  void thoseWhoWaitShareOneCommit() throws Exception {
    var store = new HonestStore();
    bench.setFreshness(Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED));
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      volume.createDirectory(VolumePath.of("/before"), 0755);
      long before = volume.generation();
      var syncing = new CountDownLatch(1);
      var waiting = new CountDownLatch(1);
      bench
          .host()
          .setHook(
              operation -> {
                if (operation.kind() == Operation.Kind.SYNC && syncing.getCount() > 0) {
                  syncing.countDown();
                  Uninterruptibles.awaitUninterruptibly(waiting);
                }
                return Answer.PROCEED;
              });
      Future<RootTag> first = threads.submit(volume::commit);
      syncing.await();
      List<Future<RootTag>> others = new ArrayList<>();
      for (int i = 1; i < THREADS; i++) {
        VolumePath mine = VolumePath.of("/" + i);
        others.add(
            threads.submit(
                () -> {
                  volume.createDirectory(mine, 0755);
                  RootTag tag = volume.commit();
                  requireDurable(store, mine);
                  return tag;
                }));
      }
      // So that all have changed something and wait.
      Thread.sleep(300);
      waiting.countDown();
      RootTag firstTag = first.get();
      for (Future<RootTag> other : others) {
        assertThat(other.get()).isNotEqualTo(firstTag);
      }
      // Somebody may have come late, for a third.
      assertThat(volume.generation() - before).isBetween(2L, 3L);
    } finally {
      threads.shutdownNow();
    }
  }

  /** It is there after a crash right now. */
  private void requireDurable(HonestStore store, VolumePath path) throws IOException {
    HonestStore known = store.copy();
    try (Volume volume =
        bench.open(
            bench.host().afterCrashLosingAll(),
            Freshness.store(known, TagPolicy.ROLLBACK_PROTECTED))) {
      assertThat(volume.attributes(path).isDirectory()).isTrue();
    }
  }

  /** Every thread changes something, commits, and finds it after a crash; again and again. */
  @Test
  void whatAnyCallerChangedBeforeIsDurableAfter() throws Exception {
    Duration time = Duration.ofSeconds(Boolean.getBoolean("fspf.slow") ? 60 : 2);
    var store = new HonestStore();
    bench.setFreshness(Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED));
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      long end = System.nanoTime() + time.toNanos();
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        VolumePath mine = VolumePath.of("/" + i);
        volume.createDirectory(mine, 0755);
        running.add(
            threads.submit(
                () -> {
                  int round = 0;
                  while (System.nanoTime() < end) {
                    VolumePath next = mine.resolve(VolumePath.of("/" + round++).name());
                    volume.createDirectory(next, 0755);
                    assertThat(volume.commit()).isNotNull();
                    requireDurable(store, next);
                  }
                  return round;
                }));
      }
      for (Future<Integer> future : running) {
        assertThat(future.get()).isPositive();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
