package io.fspf.internal.volume;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Commits a volume's changes that nobody asked to commit, at the latest an interval after the first
 * of them. Thread-safe.
 */
final class IntervalCommits implements Closeable {
  private static final System.Logger LOG = System.getLogger(IntervalCommits.class.getName());

  /** A commit of the volume. */
  interface Commit {
    Object run() throws IOException;
  }

  private final Duration interval;
  private final Commit commit;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor timer;

  private IntervalCommits(Duration interval, Commit commit) {
    this.interval = interval;
    this.commit = commit;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "fspf-commit");
              thread.setDaemon(true);
              return thread;
            });
    // The thread comes with the first change and goes when there are none.
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  /** One for an interval; null for none, where it is zero. */
  static @Nullable IntervalCommits every(Duration interval, Commit commit) {
    return interval.isZero() ? null : new IntervalCommits(interval, commit);
  }

  /** Something changed. */
  void changed() {
    if (scheduled.compareAndSet(false, true)) {
      var unused = timer.schedule(this::run, interval.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void run() {
    scheduled.set(false);
    try {
      commit.run();
    } catch (IOException | RuntimeException e) {
      // The next call that needs a commit fails with the reason.
      LOG.log(Level.WARNING, "A commit by interval failed: {0}", e.getMessage());
    }
  }

  /** Waits for a commit that is under way; there are no more after it. */
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
