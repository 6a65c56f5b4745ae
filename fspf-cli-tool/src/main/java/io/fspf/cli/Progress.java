package io.fspf.cli;

import java.io.Closeable;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Shows on one line of a terminal how far a long command is, its rate and the time left.
 *
 * <p>Without a terminal it shows nothing. Closing it wipes the line, so that a result or an error
 * stands alone. Thread-safe.
 */
final class Progress implements Closeable {
  private static final long NANOS_BETWEEN_DRAWINGS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int BAR_WIDTH = 24;

  private final TextOutput err;
  private final boolean shown;
  private final String action;
  private final long total;
  private final LongSupplier nanoTime;
  private final long start;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong nextDrawing;
  private int drawnWidth;

  /**
   * Starts to show progress on standard error, if a person looks at it and did not ask for quiet.
   *
   * @param action what is done, in a word
   * @param total in bytes
   */
  Progress(Terminal terminal, CommonOptions options, String action, long total) {
    this(
        terminal.err(),
        terminal.err().terminal() && !options.quiet(),
        action,
        total,
        System::nanoTime);
  }

  Progress(TextOutput err, boolean shown, String action, long total, LongSupplier nanoTime) {
    this.err = err;
    this.shown = shown;
    this.action = action;
    this.total = total;
    this.nanoTime = nanoTime;
    start = nanoTime.getAsLong();
    nextDrawing = new AtomicLong(start + NANOS_BETWEEN_DRAWINGS);
  }

  /** Counts bytes that are done. */
  void add(long bytes) {
    long sum = done.addAndGet(bytes);
    if (!shown) {
      return;
    }
    long now = nanoTime.getAsLong();
    long next = nextDrawing.get();
    if (now - next >= 0 && nextDrawing.compareAndSet(next, now + NANOS_BETWEEN_DRAWINGS)) {
      draw(line(sum, now - start));
    }
  }

  private String line(long sum, long nanos) {
    double seconds = Math.max(nanos, 1) / 1e9;
    double rate = sum / seconds;
    // A file may grow while it is read; more than all is never shown.
    double part = total <= 0 ? 1 : Math.min(1, (double) sum / total);
    int filled = (int) (part * BAR_WIDTH);
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %3d%%  %s  %s/s  %s left",
        action,
        "#".repeat(filled),
        "-".repeat(BAR_WIDTH - filled),
        (int) (part * 100),
        Bytes.text(sum),
        Bytes.text((long) rate),
        rate == 0 ? "?" : time(Math.max(0, total - sum) / rate));
  }

  private static String time(double seconds) {
    long whole = (long) Math.ceil(seconds);
    return whole >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }

  private synchronized void draw(String line) {
    err.stream().print('\r' + line + " ".repeat(Math.max(0, drawnWidth - line.length())));
    err.stream().flush();
    drawnWidth = line.length();
  }

  @Override
  public synchronized void close() {
    if (drawnWidth > 0) {
      err.stream().print('\r' + " ".repeat(drawnWidth) + '\r');
      err.stream().flush();
      drawnWidth = 0;
    }
  }
}
