package io.fspf.internal.host;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs an operation where no interrupt of the caller reaches it.
 *
 * <p>An interrupt inside an operation of a {@link java.nio.channels.FileChannel} closes the
 * channel, and the exception that says so hides the operation's own result. For {@code fsync} that
 * is fatal: the kernel reports a lost write once, so an error that was hidden would never come
 * again, and trying again would succeed. Hence such operations run on threads that nobody
 * interrupts, on channels that nobody else uses. The threads end when idle.
 */
final class Uninterrupted {
  private static final ExecutorService THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new ThreadFactoryBuilder().setDaemon(true).setNameFormat("fspf-host-%d").build());

  private Uninterrupted() {}

  /** Waits for the operation's result without end; the caller's interrupt status stays as it is. */
  static <T> T call(Callable<T> operation) throws IOException {
    try {
      return Uninterruptibles.getUninterruptibly(THREADS.submit(operation));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException trouble) {
        // The same exception object, with the caller's stack where it helps.
        trouble.addSuppressed(new Throwable("called from here"));
        throw trouble;
      }
      if (cause != null) {
        Throwables.throwIfUnchecked(cause);
      }
      throw new IllegalStateException(cause);
    }
  }
}
