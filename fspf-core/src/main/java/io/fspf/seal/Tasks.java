package io.fspf.seal;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work for a crew whose order does not matter. When all hands are busy, whoever brings work does
 * it. Thread-safe.
 */
final class Tasks implements AutoCloseable {
  /**
   * How many files are synced at the same time. Measured on ext4: 2 at a time 600 files a second,
   * 16 at a time 2500, more no better.
   */
  private static final int SYNCS = 16;

  /** A piece of work. */
  interface Work {
    void run() throws IOException;
  }

  private final Crew crew;
  private final Semaphore free;
  private final ConcurrentLinkedQueue<Future<Boolean>> running = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Tasks(Crew crew) {
    this.crew = crew;
    this.free = new Semaphore(4 * crew.threads());
  }

  /** For making files durable. */
  static Tasks ofSyncs() {
    return new Tasks(new Crew(SYNCS, SealProgress.none()));
  }

  /** Does the work now or later; after a failure none is done any more. */
  void run(Work work) throws IOException {
    crew.checkWanted();
    if (failure.get() != null) {
      return;
    }
    if (!free.tryAcquire()) {
      work.run();
      return;
    }
    forgetDone();
    running.add(
        crew.submit(
            () -> {
              try {
                if (failure.get() == null) {
                  work.run();
                }
                return true;
              } catch (Throwable e) {
                failure.compareAndSet(null, e);
                throw e;
              } finally {
                free.release();
              }
            }));
  }

  private void forgetDone() throws IOException {
    for (Future<Boolean> next = running.poll(); next != null; next = running.poll()) {
      if (!next.isDone()) {
        running.add(next);
        return;
      }
      Crew.await(next);
    }
  }

  /** Returns when all work is done, also such that work brought; throws what failed first. */
  void join() throws IOException {
    for (Future<Boolean> next = running.poll(); next != null; next = running.poll()) {
      Crew.await(next);
    }
  }

  /** Whether some work failed, so that bringing more is of no use. */
  boolean isFailed() {
    return failure.get() != null;
  }

  /** Ends all work, and returns when no thread does anything any more. */
  @Override
  public void close() {
    crew.close();
  }
}
