package io.fspf.cli;

import java.time.Duration;
import java.util.Locale;

/** Tells in a line what was done with a tree, and how fast. */
final class Summary {
  private Summary() {}

  /** For example {@code "Sealed 3 files, 2 directories, 1 symbolic link: 12.5 MiB in 0.52 s"}. */
  static String of(
      String done, long files, long directories, long symlinks, long bytes, Duration elapsed) {
    double seconds = Math.max(1, elapsed.toMillis()) / 1e3;
    return String.format(
        Locale.ROOT,
        "%s %s, %s, %s: %s in %.2f s (%s/s)",
        done,
        count(files, "file", "files"),
        count(directories, "directory", "directories"),
        count(symlinks, "symbolic link", "symbolic links"),
        Bytes.text(bytes),
        seconds,
        Bytes.text((long) (bytes / seconds)));
  }

  private static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
