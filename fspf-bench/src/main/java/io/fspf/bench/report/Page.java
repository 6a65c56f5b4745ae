package io.fspf.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page whose prose people write and whose figures are put in between marks: {@code <!-- begin
 * NAME -->} and {@code <!-- end NAME -->}, each on a line of its own.
 */
public final class Page {
  private Page() {}

  /**
   * Replaces what stands between the marks.
   *
   * @throws IOException if the page has no such marks, or if it cannot be written
   */
  public static void replace(Path page, String name, String figures) throws IOException {
    Files.writeString(page, replaced(Files.readString(page), name, figures));
  }

  static String replaced(String page, String name, String figures) throws IOException {
    String begin = "<!-- begin " + name + " -->\n";
    String end = "<!-- end " + name + " -->";
    int from = page.indexOf(begin);
    int to = page.indexOf(end, from + 1);
    if (from < 0 || to < 0) {
      throw new IOException("The page has no place for " + name);
    }
    return page.substring(0, from + begin.length())
        + "\n"
        + figures.strip()
        + "\n\n"
        + page.substring(to);
  }
}
