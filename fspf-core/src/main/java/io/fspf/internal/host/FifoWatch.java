package io.fspf.internal.host;

import com.google.common.collect.ImmutableSet;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Frees who opens a file for reading at the moment in which the host puts a FIFO in its place, and
 * would wait for the FIFO's other end.
 *
 * <p>We look at what a path leads to before each opening, but Java has no way to open without
 * waiting ({@code O_NONBLOCK}). So a thread looks at openings that take long, and where a FIFO
 * stands it opens both of its ends, which never waits on Linux and lets the other opening return;
 * the caller then finds that it has not got the file. The thread lives while files are being
 * opened.
 *
 * <p>Decision 061 says what was not chosen, and what stays possible. Thread-safe.
 */
final class FifoWatch {
  private static final Duration PERIOD = Duration.ofMillis(200);

  /** It ends after so many looks without an opening. */
  private static final int PATIENCE = 50;

  private static final String MODE = "unix:mode";
  private static final int TYPE = 0170000;
  private static final int FIFO = 0010000;

  /** In a moment, both ends: for one alone the other would be waited for. */
  private static final Set<OpenOption> BOTH_ENDS =
      ImmutableSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private static final Set<Opening> OPENINGS = ConcurrentHashMap.newKeySet();
  private static final AtomicBoolean RUNNING = new AtomicBoolean();

  private FifoWatch() {}

  /** One that is under way; each is one of its own, also of the same path. */
  private static final class Opening {
    final Path path;
    volatile boolean seen;

    Opening(Path path) {
      this.path = path;
    }
  }

  /** What opens a file for reading, and maybe closes it again. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  /** Does it; if it waits for the other end of a FIFO at {@code path}, not for long. */
  static <T> T during(Path path, Action<T> action) throws IOException {
    var opening = new Opening(path);
    OPENINGS.add(opening);
    try {
      if (!RUNNING.get()) {
        start();
      }
      return action.run();
    } finally {
      OPENINGS.remove(opening);
    }
  }

  private static void start() {
    if (RUNNING.compareAndSet(false, true)) {
      var thread = new Thread(null, FifoWatch::watch, "fspf-fifo-watch", 0, false);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void watch() {
    for (int idle = 0; idle < PATIENCE; idle++) {
      Uninterruptibles.sleepUninterruptibly(PERIOD);
      for (Opening opening : OPENINGS) {
        idle = 0;
        if (opening.seen) {
          free(opening.path);
        }
        opening.seen = true;
      }
    }
    RUNNING.set(false);
    if (!OPENINGS.isEmpty()) {
      start();
    }
  }

  private static void free(Path path) {
    try {
      if (isFifo(path)) {
        FileChannel.open(path, BOTH_ENDS).close();
      }
    } catch (IOException | RuntimeException e) {
      // It is gone, or not ours to open: another look follows.
    }
  }

  private static boolean isFifo(Path path) throws IOException {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix")
        && Files.getAttribute(path, MODE, LinkOption.NOFOLLOW_LINKS) instanceof Integer mode
        && (mode & TYPE) == FIFO;
  }
}
