package io.fspf.internal.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what became of each edit, by the kind of region, the kind of edit and its time. Not
 * thread-safe.
 */
final class TamperReport {
  /** What became of the edits of one kind. */
  private static final class Count {
    int exact;
    int refused;
  }

  private final List<String> times;
  private final Map<String, Map<String, Count>> rows = new TreeMap<>();
  private long exact;
  private long refused;

  TamperReport(List<String> times) {
    this.times = times;
  }

  /**
   * Notes an edit.
   *
   * @param wasRefused whether some answer was refused; otherwise all were what was committed
   */
  void add(String region, String edit, String time, boolean wasRefused) {
    Count count =
        rows.computeIfAbsent(region + " " + edit, row -> new TreeMap<>())
            .computeIfAbsent(time, column -> new Count());
    if (wasRefused) {
      count.refused++;
      refused++;
    } else {
      count.exact++;
      exact++;
    }
  }

  /** How many edits of this kind at this time were refused. */
  int refused(String region, String edit, String time) {
    Count count = rows.getOrDefault(region + " " + edit, Map.of()).get(time);
    return count == null ? 0 : count.refused;
  }

  /** Prints the sums, and writes the whole table into the build directory. */
  void print(String title) throws IOException {
    var lines = new ArrayList<String>();
    lines.add(
        "%s: %d edits; %d were refused with a typed exception, %d had no effect on what is read"
            .formatted(title, exact + refused, refused, exact));
    lines.add("%-38s %s".formatted("refused/tried", String.join("  ", times)));
    rows.forEach(
        (row, counts) -> {
          var line = new StringBuilder("%-38s".formatted(row));
          for (String time : times) {
            Count count = counts.getOrDefault(time, new Count());
            line.append(" %s".formatted(count.refused + "/" + (count.refused + count.exact)));
            line.append(" ".repeat(Math.max(0, time.length() - 8)));
          }
          lines.add(line.toString());
        });
    lines.forEach(System.out::println);
    Path file =
        Path.of("target", title.replace(' ', '-').toLowerCase(java.util.Locale.ROOT) + ".txt");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, lines);
  }
}
