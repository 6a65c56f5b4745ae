package io.fspf.internal.volume;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a volume does without being asked: commits changes at the latest an interval after the first
 * of them, and compacts. One thread, which is there only while it has something to do. Thread-safe.
 */
final class Background implements Closeable {
  private static final System.Logger LOG = System.getLogger(Background.class.getName());

  /** A piece of work. */
  interface Work {
    void run() throws IOException;
  }

  private final Duration interval;
  private final Work commit;
  private final Work compaction;
  private final AtomicBoolean commitDue = new AtomicBoolean();
  private final AtomicBoolean compactionDue = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor timer;

  /**
   * For one volume.
   *
   * @param interval zero for no commits
   */
  Background(Duration interval, Work commit, Work compaction) {
    this.interval = interval;
    this.commit = commit;
    this.compaction = compaction;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "fspf-background");
              thread.setDaemon(true);
              return thread;
            });
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  /** Something changed. */
  void changed() {
    if (!interval.isZero()) {
      schedule(commit, commitDue, interval);
    }
  }

  /** There is more garbage than there may be. */
  void compactSoon() {
    schedule(compaction, compactionDue, Duration.ZERO);
  }

  private void schedule(Work work, AtomicBoolean due, Duration delay) {
    if (!timer.isShutdown() && due.compareAndSet(false, true)) {
      try {
        var unused = timer.schedule(() -> run(work, due), delay.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // The volume is being closed, which commits.
      }
    }
  }

  private static void run(Work work, AtomicBoolean due) {
    due.set(false);
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      // The next call that needs a commit fails with the reason. Its message may name clear paths,
      // which are nothing for a log.
      LOG.log(Level.WARNING, "Work in the background failed: {0}", e.getClass().getName());
    }
  }

  /** Waits for work that is under way; there is no more after it. */
  @Override
  public void close() {
    timer.shutdownNow();
    boolean interrupted = false;
    while (true) {
      try {
        if (timer.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
