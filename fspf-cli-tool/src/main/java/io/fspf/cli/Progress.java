package io.fspf.cli;

import io.fspf.Volume;
import io.fspf.VolumeOptions;
import io.fspf.seal.SealProgress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
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
    this(terminal.err(), isShown(terminal, options), action, total, System::nanoTime);
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

  /** The same for what is in a host directory, or one file; it is counted only if it is shown. */
  static Progress ofTree(Terminal terminal, CommonOptions options, String action, Path tree)
      throws IOException {
    return new Progress(terminal, options, action, isShown(terminal, options) ? sizeOf(tree) : 0);
  }

  /** The same for a volume, which is opened to learn its size only if that is shown. */
  static Progress ofVolume(
      Terminal terminal,
      CommonOptions options,
      String action,
      Path location,
      VolumeOptions volumeOptions)
      throws IOException {
    long total = 0;
    if (isShown(terminal, options)) {
      try (Volume volume = Volume.open(location, volumeOptions)) {
        total = volume.info().bytes();
      }
    }
    return new Progress(terminal, options, action, total);
  }

  private static boolean isShown(Terminal terminal, CommonOptions options) {
    return terminal.err().terminal() && !options.quiet();
  }

  private static long sizeOf(Path tree) throws IOException {
    var size = new AtomicLong();
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              size.addAndGet(attributes.size());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            // Whoever does the work finds it too, and says so.
            return FileVisitResult.CONTINUE;
          }
        });
    return size.get();
  }

  /** Shows how a whole tree gets on. */
  SealProgress asSealProgress() {
    return (files, bytes) -> add(bytes);
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
