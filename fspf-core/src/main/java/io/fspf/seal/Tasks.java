package io.fspf.seal;

import java.io.IOException;
import java.util.concurrent.Semaphore;
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

  /** How many more files wait for it, open, so that no other work has to. */
  private static final int WAITING = 256;

  /** A piece of work. */
  interface Work {
    void run() throws IOException;

    /** Lets go of what the work has, where it is not done any more. */
    default void drop() throws IOException {}
  }

  private final Crew crew;
  private final Semaphore free;

  // Both guarded by this.
  private int running;
  private @Nullable Throwable failure;

  Tasks(Crew crew) {
    this(crew, 4 * crew.threads());
  }

  private Tasks(Crew crew, int mostRunning) {
    this.crew = crew;
    this.free = new Semaphore(mostRunning);
  }

  /** For making files durable. */
  static Tasks ofSyncs() {
    return new Tasks(new Crew(SYNCS, SealProgress.none()), SYNCS + WAITING);
  }

  /** Does the work now or later; after a failure none is done any more, and all is dropped. */
  void run(Work work) throws IOException {
    if (!isWanted(work)) {
      return;
    }
    if (!free.tryAcquire()) {
      work.run();
      return;
    }
    begin();
    try {
      crew.execute(() -> runCounted(work));
    } catch (Throwable e) {
      drop(work);
      free.release();
      end();
      throw e;
    }
  }

  private boolean isWanted(Work work) {
    boolean wanted = false;
    try {
      crew.checkWanted();
      wanted = !isFailed();
    } finally {
      if (!wanted) {
        drop(work);
      }
    }
    return wanted;
  }

  private void runCounted(Work work) {
    boolean done = false;
    try {
      crew.checkGoing();
      if (!isFailed()) {
        done = true;
        work.run();
      }
    } catch (Throwable e) {
      fail(e);
    } finally {
      if (!done) {
        drop(work);
      }
      free.release();
      end();
    }
  }

  private void drop(Work work) {
    try {
      work.drop();
    } catch (IOException e) {
      fail(e);
    }
  }

  private synchronized void begin() {
    running++;
  }

  private synchronized void end() {
    running--;
    notifyAll();
  }

  private synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  /** Whether some work failed, so that bringing more is of no use. */
  synchronized boolean isFailed() {
    return failure != null;
  }

  /** Returns when all work is done, also such that work brought; throws what failed first. */
  void join() throws IOException {
    Throwable cause;
    synchronized (this) {
      try {
        while (running > 0) {
          wait();
        }
      } catch (InterruptedException e) {
        throw Crew.interrupted();
      }
      cause = failure;
    }
    if (cause != null) {
      throw Crew.rethrown(cause);
    }
  }

  /** Ends all work, and returns when no thread does anything any more. */
  @Override
  public void close() {
    crew.close();
  }
}
