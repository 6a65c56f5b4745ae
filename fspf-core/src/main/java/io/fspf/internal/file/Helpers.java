package io.fspf.internal.file;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Other processors that take over a part of the work of whoever reads or writes: sealing, opening,
 * reading ahead.
 *
 * <p>Nobody depends on them. A task that no helper has begun when its outcome is needed is run by
 * the one who needs it, so that a full queue or a missing thread costs time only, and nobody waits
 * for a thread that waits for him. Tasks take no locks and wait for nothing but the host.
 *
 * <p>All volumes share the threads: one less than there are processors, daemons, gone after five
 * idle seconds. Thread-safe.
 */
final class Helpers {
  /** Nobody: all work is done in the thread that asks for it, in the order in which it asks. */
  static final Helpers NONE = new Helpers(null);

  private static final int MAX_QUEUED = 1024;

  private final @Nullable ThreadPoolExecutor threads;

  private Helpers(@Nullable ThreadPoolExecutor threads) {
    this.threads = threads;
  }

  private static final class Shared {
    static final Helpers INSTANCE = start(Runtime.getRuntime().availableProcessors() - 1);
  }

  /** The helpers that all volumes share; none on a machine with one processor. */
  static Helpers shared() {
    return Shared.INSTANCE;
  }

  private static Helpers start(int count) {
    if (count < 1) {
      return NONE;
    }
    var threads =
        new ThreadPoolExecutor(
            count,
            count,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_QUEUED),
            Helpers::thread);
    threads.allowCoreThreadTimeOut(true);
    return new Helpers(threads);
  }

  private static Thread thread(Runnable work) {
    var thread = new Thread(null, work, "fspf-helper", 0, false);
    thread.setDaemon(true);
    // Of whoever happened to come first; it would live as long as the thread.
    thread.setContextClassLoader(null);
    return thread;
  }

  /** Whether there are any. */
  boolean exist() {
    return threads != null;
  }

  /** How many there are at most. */
  int count() {
    return threads == null ? 0 : threads.getMaximumPoolSize();
  }

  /** Lets a helper run the task when one is free; returns false if too many wait already. */
  boolean offer(FutureTask<?> task) {
    if (threads == null) {
      return false;
    }
    try {
      threads.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Returns when all tasks have ended, however they did; {@link #outcome} tells. */
  void complete(List<? extends FutureTask<?>> tasks) {
    // The last one is ours from the start.
    for (FutureTask<?> task : tasks.subList(0, Math.max(0, tasks.size() - 1))) {
      if (!offer(task)) {
        break;
      }
    }
    for (int i = tasks.size() - 1; i >= 0; i--) {
      tasks.get(i).run();
    }
    tasks.forEach(Helpers::await);
  }

  private static void await(FutureTask<?> task) {
    try {
      Uninterruptibles.getUninterruptibly(task);
    } catch (ExecutionException e) {
      // The outcome is asked for apart.
      return;
    }
  }

  /** The outcome of a task, which is run here and now if nobody has begun it. */
  static <T extends @Nullable Object> T outcome(FutureTask<T> task) throws IOException {
    task.run();
    try {
      return Uninterruptibles.getUninterruptibly(task);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      if (cause instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(cause);
    }
  }
}
