package io.fspf.bench.report;

import io.fspf.bench.report.Svg.Anchor;
import java.util.List;

/**
 * How far each figure is from its goal: a bar to the right of the middle line is reached, one to
 * the left is missed. The scale is logarithmic, so that half and double are equally far.
 *
 * @param title of the picture
 * @param goals from the top down
 */
public record GoalChart(String title, List<Goal> goals) {
  private static final int WIDTH = 920;
  private static final int LABELS = 380;
  private static final int MARGIN = 60;
  private static final int TOP = 78;
  private static final int ROW = 24;

  /** Of the required figure, at both ends of the axis. */
  private static final double SPAN = 16;

  private static final List<Double> TICKS = List.of(1 / 16.0, 1 / 4.0, 1.0, 4.0, 16.0);
  private static final String REACHED = "#009e73";
  private static final String MISSED = "#d55e00";
  private static final String GRID = "#cccccc";
  private static final String GOAL = "#222222";

  /** Keeps a copy. */
  public GoalChart {
    goals = List.copyOf(goals);
  }

  /**
   * A figure and what it must be at least, both above 0.
   *
   * @param label what it is
   */
  public record Goal(String label, double measured, double atLeast) {}

  /** The picture. */
  public String toSvg() {
    var svg = new Svg(WIDTH, TOP + ROW * goals.size() + 14, title);
    svg.text(20, 26, 17, Anchor.START, title);
    svg.text(20, 46, 12, Anchor.START, "measured / required; the numbers are the measured ratios");
    double bottom = TOP + (double) ROW * goals.size();
    for (double tick : TICKS) {
      svg.line(place(tick), TOP - 6, place(tick), bottom, GRID);
      svg.text(
          place(tick),
          TOP - 10,
          11,
          Anchor.MIDDLE,
          "× " + (tick < 1 ? "1/" + Math.round(1 / tick) : "" + Math.round(tick)));
    }
    for (int i = 0; i < goals.size(); i++) {
      Goal goal = goals.get(i);
      double y = TOP + (double) i * ROW;
      double end = place(goal.measured() / goal.atLeast());
      boolean reached = goal.measured() >= goal.atLeast();
      svg.text(LABELS - 14.0, y + 15, 12, Anchor.END, goal.label());
      svg.rectangle(
          Math.min(end, place(1)),
          y + 3,
          Math.abs(end - place(1)),
          ROW - 8.0,
          reached ? REACHED : MISSED);
      svg.text(
          reached ? end + 5 : end - 5,
          y + 15,
          11,
          reached ? Anchor.START : Anchor.END,
          Unit.digits(goal.measured()));
    }
    svg.line(place(1), TOP - 6, place(1), bottom, GOAL);
    return svg.toString();
  }

  private static double place(double share) {
    double within = Math.max(1 / SPAN, Math.min(SPAN, share));
    double middle = (LABELS + WIDTH) / 2.0;
    double half = (WIDTH - LABELS) / 2.0 - MARGIN;
    return middle + half * Math.log(within) / Math.log(SPAN);
  }
}
