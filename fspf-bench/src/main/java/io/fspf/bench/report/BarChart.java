package io.fspf.bench.report;

import com.google.common.base.Preconditions;
import io.fspf.bench.report.Svg.Anchor;
import java.util.List;
import java.util.Optional;

/**
 * Groups of bars, one panel with an axis of its own for each kind of work.
 *
 * @param title of the picture
 * @param series what each bar of a group stands for
 * @param panels from the top down
 */
public record BarChart(String title, List<String> series, List<Panel> panels) {
  private static final int WIDTH = 860;
  private static final int LEFT = 20;
  private static final int TOP = 70;
  private static final int PANEL = 210;
  private static final int PLOT = 130;

  /** Told apart also by those who do not see all colours (Okabe and Ito). */
  private static final List<String> COLOURS =
      List.of("#999999", "#0072b2", "#56b4e9", "#009e73", "#d55e00", "#e69f00");

  private static final String AXIS = "#888888";

  /** Keeps copies. */
  public BarChart {
    series = List.copyOf(series);
    panels = List.copyOf(panels);
    Preconditions.checkArgument(
        !series.isEmpty() && series.size() <= COLOURS.size(), "1 to 6 series");
  }

  /**
   * One kind of work.
   *
   * @param title with the unit
   * @param groups side by side, at least one
   */
  public record Panel(String title, List<Group> groups) {
    /** Keeps a copy. */
    public Panel {
      groups = List.copyOf(groups);
      Preconditions.checkArgument(!groups.isEmpty(), "%s has no groups", title);
    }
  }

  /**
   * Bars side by side.
   *
   * @param label below them
   * @param values one for each series, nothing where it was not measured
   */
  public record Group(String label, List<Optional<Double>> values) {
    /** Keeps a copy. */
    public Group {
      values = List.copyOf(values);
    }
  }

  /** The picture. */
  public String toSvg() {
    var svg = new Svg(WIDTH, TOP + PANEL * panels.size(), title);
    svg.text(LEFT, 26, 17, Anchor.START, title);
    legend(svg);
    for (int i = 0; i < panels.size(); i++) {
      draw(svg, panels.get(i), TOP + PANEL * i);
    }
    return svg.toString();
  }

  private void legend(Svg svg) {
    double step = (WIDTH - 2.0 * LEFT) / COLOURS.size();
    for (int i = 0; i < series.size(); i++) {
      double x = LEFT + i * step;
      svg.rectangle(x, 40, 12, 12, COLOURS.get(i));
      svg.text(x + 17, 51, 12, Anchor.START, series.get(i));
    }
  }

  private void draw(Svg svg, Panel panel, double top) {
    svg.text(LEFT, top + 14, 13, Anchor.START, panel.title());
    double base = top + 40 + PLOT;
    double most =
        panel.groups().stream()
            .flatMap(group -> group.values().stream())
            .flatMap(Optional::stream)
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(1);
    double groupWidth = (WIDTH - 2.0 * LEFT) / panel.groups().size();
    double bar = Math.min(46, groupWidth * 0.86 / series.size());
    for (int g = 0; g < panel.groups().size(); g++) {
      Group group = panel.groups().get(g);
      double middle = LEFT + (g + 0.5) * groupWidth;
      svg.text(middle, base + 16, 12, Anchor.MIDDLE, group.label());
      double x = middle - bar * series.size() / 2;
      for (int i = 0; i < group.values().size(); i++) {
        double left = x + i * bar;
        String colour = COLOURS.get(i);
        group
            .values()
            .get(i)
            .ifPresent(
                value -> {
                  double height = value / most * PLOT;
                  svg.rectangle(left + 1, base - height, bar - 2, height, colour);
                  svg.text(
                      left + bar / 2,
                      base - height - 4,
                      bar < 30 ? 9 : 11,
                      Anchor.MIDDLE,
                      Unit.digits(value));
                });
      }
    }
    svg.line(LEFT, base, WIDTH - LEFT, base, AXIS);
  }
}
