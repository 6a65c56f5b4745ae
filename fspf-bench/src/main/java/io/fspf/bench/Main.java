package io.fspf.bench;

import com.google.common.collect.ImmutableList;
import io.fspf.bench.jmh.JmhSet;
import io.fspf.bench.ratio.Ratios;
import io.fspf.bench.report.MarkdownTable;
import io.fspf.bench.report.Page;
import io.fspf.bench.report.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Measures named sets, and writes JSON, tables and plots. */
@Command(
    name = "fspf-bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures sets of benchmarks, and writes JSON, tables and plots.")
public final class Main implements Callable<Integer> {
  private static final String ALL = "all";

  /** Not one of all: it takes minutes, and its table is for people only. */
  private static final String SCALE = "scale";

  /** Makes each measurement small, and once. */
  public static final String QUICK = "--quick";

  /** The sets by name, for help and completion. */
  static final class SetNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      var names = ImmutableList.<String>builder().add(Ratios.SET);
      for (JmhSet set : JmhSet.values()) {
        names.add(name(set));
      }
      return names.add(ALL, SCALE).build().iterator();
    }
  }

  @Parameters(
      arity = "1..*",
      paramLabel = "SET",
      completionCandidates = SetNames.class,
      description = "What is measured, of: ${COMPLETION-CANDIDATES}.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "target/benchmarks",
      description = "Where JSON, tables and plots are written (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("");

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "A page of Markdown in which the tables of the sets are renewed.")
  private @Nullable Path page;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "target/benchmarks/work",
      description =
          "For files, on the file system to be compared with (default: ${DEFAULT-VALUE}).")
  private Path work = Path.of("");

  @Option(
      names = "--tree",
      paramLabel = "DIR",
      defaultValue = "/usr/share",
      description = "The real tree that is sealed (default: ${DEFAULT-VALUE}).")
  private Path tree = Path.of("");

  @Option(
      names = "--only",
      paramLabel = "WORDS",
      description = {
        "Of ratios, the lines of this title, or that hold these words.",
        "May be given more than once; other lines stay as they were measured before."
      })
  private List<String> only = new ArrayList<>();

  @Option(
      names = QUICK,
      description = "Everything small and once, to see that it runs; the figures mean nothing.")
  private boolean quick;

  @Option(
      names = "--render",
      description = "Tables and plots anew from the JSON of an earlier run; nothing is measured.")
  private boolean render;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {}

  /** The command. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return new CommandLine(new Main()).execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(out);
    Files.createDirectories(work);
    int failed = 0;
    for (String set : sets) {
      switch (set) {
        case ALL -> failed += all();
        case SCALE -> ScaleMeasurement.measure(work.resolve(SCALE));
        case Ratios.SET -> ratios();
        default -> jmh(named(set));
      }
    }
    return failed == 0 ? 0 : CommandLine.ExitCode.SOFTWARE;
  }

  /** What a set that fails has kept from being measured, the others need not go without. */
  private int all() {
    int failed = attempt(Ratios.SET, this::ratios);
    for (JmhSet set : JmhSet.values()) {
      failed += attempt(name(set), () -> jmh(set));
    }
    return failed;
  }

  private interface Measuring {
    void run() throws Exception;
  }

  private static int attempt(String set, Measuring measuring) {
    try {
      measuring.run();
      return 0;
    } catch (Exception e) {
      System.err.println(set + " failed:");
      e.printStackTrace();
      return 1;
    }
  }

  private JmhSet named(String set) {
    return Arrays.stream(JmhSet.values())
        .filter(each -> name(each).equals(set))
        .findFirst()
        .orElseThrow(
            () -> new ParameterException(spec.commandLine(), "There is no set '" + set + "'"));
  }

  private static String name(JmhSet set) {
    return set.name().toLowerCase(Locale.ROOT);
  }

  private void ratios() throws Exception {
    var ratios = new Ratios(work, tree, quick, System.err);
    Path file = json(Ratios.SET);
    Results results = render ? Results.read(file) : ratios.measure(only);
    if (!only.isEmpty()) {
      results = results.over(file);
    }
    write(results, ratios.table(results), ratios.chart(results).toSvg());
  }

  private void jmh(JmhSet set) throws Exception {
    System.err.println(set.title());
    Path log = work.resolve(name(set) + ".log");
    Results results = render ? Results.read(json(name(set))) : set.measure(work, tree, quick, log);
    write(results, set.pivot().table(results), set.pivot().chart(results, set.title()).toSvg());
  }

  private Path json(String set) {
    return out.resolve(set + ".json");
  }

  private void write(Results results, MarkdownTable table, String picture) throws IOException {
    results.write(json(results.set()));
    Path plot = out.resolve(results.set() + ".svg");
    Files.writeString(plot, picture);
    System.out.println(table);
    if (page != null) {
      Path link = page.toAbsolutePath().resolveSibling("").relativize(plot.toAbsolutePath());
      String figures =
          String.format(
              "%s%n![%s](%s)%n%n%s.", table, results.set(), link, results.machine().text());
      Page.replace(page, results.set(), figures);
    }
  }
}
