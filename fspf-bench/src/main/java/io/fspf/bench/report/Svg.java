package io.fspf.bench.report;

import com.google.common.xml.XmlEscapers;
import java.util.Locale;

/**
 * Builds a picture in SVG 1.1 that stands for itself: no scripts, no fonts to be fetched, a white
 * ground that is legible on dark pages too. Lengths are in pixels. Not thread-safe.
 */
final class Svg {
  /** Where a text stands from its point. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private static final String INK = "#222222";

  private final StringBuilder shapes = new StringBuilder();
  private final int width;
  private final int height;

  Svg(int width, int height, String title) {
    this.width = width;
    this.height = height;
    shapes.append("<title>").append(escaped(title)).append("</title>\n");
    rectangle(0, 0, width, height, "#ffffff");
  }

  void rectangle(double x, double y, double w, double h, String colour) {
    shapes.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
            x,
            y,
            w,
            h,
            colour));
  }

  void line(double x1, double y1, double x2, double y2, String colour) {
    shapes.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
            x1,
            y1,
            x2,
            y2,
            colour));
  }

  void text(double x, double y, int size, Anchor anchor, String text) {
    shapes.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\""
                + " fill=\"%s\">%s</text>%n",
            x,
            y,
            size,
            anchor.name().toLowerCase(Locale.ROOT),
            INK,
            escaped(text)));
  }

  private static String escaped(String text) {
    return XmlEscapers.xmlContentEscaper().escape(text);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\""
            + " viewBox=\"0 0 %1$d %2$d\" font-family=\"sans-serif\">%n%3$s</svg>%n",
        width,
        height,
        shapes);
  }
}
