package io.fspf.seal;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one operation on a whole tree. They are never interrupted, as that would close the
 * files that they have open; they look at {@link #checkGoing} from chunk to chunk instead.
 *
 * <p>Thread-safe.
 */
final class Crew implements AutoCloseable {
  private final int threads;
  private final SealProgress progress;
  private final ExecutorService executor;
  private volatile boolean stopped;

  Crew(int threads, SealProgress progress) {
    this.threads = threads;
    this.progress = progress;
    this.executor =
        Executors.newFixedThreadPool(
            threads,
            new ThreadFactoryBuilder().setDaemon(true).setNameFormat("fspf-seal-%d").build());
  }

  static int allCores() {
    return Runtime.getRuntime().availableProcessors();
  }

  static int checkedThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("At least one thread is needed, not " + threads);
    }
    return threads;
  }

  int threads() {
    return threads;
  }

  SealProgress progress() {
    return progress;
  }

  /** Ends the calling work if it is not wanted any more. */
  void checkGoing() {
    if (stopped) {
      throw new CancellationException("Stopped");
    }
    checkWanted();
  }

  /** Throws if the operation is cancelled. */
  void checkWanted() {
    if (progress.isCancelled()) {
      throw new CancellationException("Cancelled");
    }
  }

  /** So many more bytes are done. */
  void advanced(long bytes) {
    checkGoing();
    if (bytes > 0) {
      progress.advanced(0, bytes);
    }
  }

  <T> Future<T> submit(Callable<T> work) {
    return executor.submit(
        () -> {
          checkGoing();
          return work.call();
        });
  }

  /** Has the work done; it sees to its own failures. */
  void execute(Runnable work) {
    executor.execute(work);
  }

  /** The result of submitted work. An interrupt ends the wait. */
  static <T> T await(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  /** What the interrupt of a thread that waits for work becomes. */
  static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("Interrupted");
  }

  /** What failed on another thread, for this one to throw. */
  static IOException rethrown(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException e) {
      e.addSuppressed(new Throwable("called from here"));
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    if (cause instanceof IOException e) {
      e.addSuppressed(new Throwable("called from here"));
      return e;
    }
    return new IOException(cause);
  }

  /** Ends all work, and returns when no thread does anything any more. */
  @Override
  public void close() {
    stopped = true;
    executor.shutdown();
    Uninterruptibles.awaitTerminationUninterruptibly(executor);
  }
}
