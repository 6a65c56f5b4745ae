package io.fspf.internal.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/**
 * Crashes at every operation: what was reported durable is there.
 *
 * <p>A failing seed is run again with {@code -Dtest=CrashTest -Dfspf.crash.first=SEED
 * -Dfspf.crash.seeds=1}. With {@code -Pslow} there are ten times as many.
 */
class CrashTest {
  private static final int FACTOR = Boolean.getBoolean("fspf.slow") ? 10 : 1;
  private static final long FIRST = Long.getLong("fspf.crash.first", 1);
  private static final int SEEDS = Integer.getInteger("fspf.crash.seeds", 10_000 * FACTOR);
  private static final int THREADS = 2;

  /** Workloads of 200 operations, with crashes drawn by lot, during recovery as well. */
  @Test
  void longWorkloads() throws Exception {
    each(FIRST, SEEDS, seed -> new CrashRun(seed).run(CrashRun.Plan.random(200, 3)));
  }

  /** Short workloads, crashed at every single operation of the host. */
  @Test
  void everyOperationOfShortWorkloads() throws Exception {
    each(
        FIRST,
        Math.min(SEEDS, 20 * FACTOR),
        seed -> {
          boolean crashed = true;
          for (int at = 1; crashed; at++) {
            crashed = new CrashRun(-seed).run(CrashRun.Plan.at(8, at));
          }
        });
  }

  private static void each(long first, int count, LongConsumer run) throws Exception {
    var next = new AtomicLong(first);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(
            threads.submit(
                () -> {
                  try {
                    for (long seed = next.getAndIncrement();
                        seed < first + count;
                        seed = next.getAndIncrement()) {
                      run.accept(seed);
                    }
                  } catch (Throwable e) {
                    next.set(first + count);
                    throw e;
                  }
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getMessage(), e);
    } finally {
      threads.shutdownNow();
    }
  }
}
