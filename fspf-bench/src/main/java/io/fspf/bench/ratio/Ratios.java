package io.fspf.bench.ratio;

import com.google.common.collect.Maps;
import io.fspf.bench.ratio.Comparison.Manner;
import io.fspf.bench.report.GoalChart;
import io.fspf.bench.report.Machine;
import io.fspf.bench.report.MarkdownTable;
import io.fspf.bench.report.Measurement;
import io.fspf.bench.report.Results;
import io.fspf.bench.report.Unit;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures the comparisons, and tells which requirements are met. */
public final class Ratios {
  /** The name of the set. */
  public static final String SET = "ratios";

  private static final int WARM_UP = 2;
  private static final Duration WARM_UP_TIME = Duration.ofSeconds(10);
  private static final int ROUNDS = 7;

  /** A requirement beside what was measured. */
  record Line(
      Comparison comparison, Requirement requirement, Map<String, Measurement> measurements) {
    String measured() {
      return requirement.ratio(measurements).map(Unit::digits).orElse("not measured");
    }

    String verdict() {
      return requirement
          .ratio(measurements)
          .map(ratio -> ratio >= requirement.atLeast() ? "yes" : "**no**")
          .orElse("");
    }
  }

  private final boolean quick;
  private final Sizes sizes;
  private final InterleavedRun run;
  private final Path work;
  private final PrintStream log;

  /**
   * A table to be.
   *
   * @param work a directory for files, on the file system to be compared with
   * @param realTree the tree to seal
   * @param quick everything once, of sizes that say nothing of speed
   * @param log hears of the progress
   */
  public Ratios(Path work, Path realTree, boolean quick, PrintStream log) {
    this.quick = quick;
    this.sizes = quick ? Sizes.tiny(realTree) : Sizes.full(realTree);
    this.run =
        quick
            ? new InterleavedRun(0, Duration.ZERO, 1, System::nanoTime)
            : new InterleavedRun(WARM_UP, WARM_UP_TIME, ROUNDS, System::nanoTime);
    this.work = work;
    this.log = log;
  }

  /**
   * Measures.
   *
   * @param words which comparisons: their titles, or words of what is done; all, if there are none
   */
  public Results measure(List<String> words) throws Exception {
    List<Measurement> all = new ArrayList<>();
    for (Comparison comparison : chosen(words)) {
      say(comparison.work());
      Map<String, Measurement> steps =
          comparison.manner() == Manner.ONE_CORE && !OneCore.isPinned()
              ? OneCore.measure(comparison.title(), quick, work, log)
              : measure(comparison);
      all.addAll(steps.values());
      say("  " + medians(steps));
      lines(List.of(comparison), all)
          .forEach(line -> say("  " + line.requirement().text() + ": " + line.measured()));
    }
    return new Results(SET, Machine.here(work), all);
  }

  /** What a process for one core has to say, the one that has started it says. */
  private void say(String line) {
    if (!OneCore.isPinned()) {
      log.println(line);
    }
  }

  private Map<String, Measurement> measure(Comparison comparison) throws Exception {
    try (var scratch = new Scratch(work)) {
      InterleavedRun rounds = comparison.manner() == Manner.LONG ? run.inFewRounds() : run;
      return rounds.run(comparison.work(), comparison.preparation().steps(scratch));
    }
  }

  private List<Comparison> chosen(List<String> words) {
    return Comparisons.of(sizes).stream().filter(each -> each.isAmong(words)).toList();
  }

  private static List<Line> lines(List<Comparison> comparisons, List<Measurement> all) {
    List<Line> lines = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      Map<String, Measurement> steps = new LinkedHashMap<>();
      all.stream()
          .filter(each -> each.benchmark().equals(comparison.work()))
          .forEach(each -> steps.put(each.parameter(Comparison.STEP), each));
      comparison
          .requirements()
          .forEach(requirement -> lines.add(new Line(comparison, requirement, steps)));
    }
    return lines;
  }

  /** The table of the requirements that were measured. */
  public MarkdownTable table(Results results) {
    var table = new MarkdownTable(List.of("work", "at least", "measured", "met", "medians"));
    String before = "";
    for (Line line : measuredLines(results)) {
      String workName = line.comparison().work();
      boolean first = !workName.equals(before);
      table.row(
          List.of(
              first ? workName : "",
              line.requirement().text(),
              line.measured(),
              line.verdict(),
              first ? medians(line.measurements()) : ""));
      before = workName;
    }
    return table;
  }

  /** How far each requirement is met. */
  public GoalChart chart(Results results) {
    List<GoalChart.Goal> goals = new ArrayList<>();
    for (Line line : measuredLines(results)) {
      line.requirement()
          .ratio(line.measurements())
          .ifPresent(
              ratio ->
                  goals.add(
                      new GoalChart.Goal(
                          line.comparison().title() + ": " + line.requirement().text(),
                          ratio,
                          line.requirement().atLeast())));
    }
    return new GoalChart("Required ratios", goals);
  }

  private List<Line> measuredLines(Results results) {
    return lines(Comparisons.of(sizes), results.measurements()).stream()
        .filter(line -> !line.measurements().isEmpty())
        .toList();
  }

  private static String medians(Map<String, Measurement> steps) {
    return String.join(
        ", ",
        Maps.transformValues(steps, each -> each.unit().text(each.median())).entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .toList());
  }
}
