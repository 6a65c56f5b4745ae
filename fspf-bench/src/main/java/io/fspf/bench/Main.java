package io.fspf.bench;

import io.fspf.bench.ratio.Ratios;
import io.fspf.bench.report.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures named sets, and writes JSON, tables and plots. */
@Command(name = "fspf-bench", mixinStandardHelpOptions = true, sortOptions = false)
public final class Main implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "SET", description = "What is measured: ratios.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "target/benchmarks",
      description = "Where JSON, tables and plots are written (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("");

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "target/bench-work",
      description = "On the file system to be compared with (default: ${DEFAULT-VALUE}).")
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
      description = "Of ratios, the lines that hold these words. May be given more than once.")
  private List<String> only = new ArrayList<>();

  private Main() {}

  /** The command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(out);
    Files.createDirectories(work);
    for (String set : sets) {
      switch (set) {
        case "ratios" -> {
          Ratios ratios = Ratios.full(work, tree, System.err);
          Results results = ratios.measure(only);
          results.write(out.resolve(set + ".json"));
          System.out.println(ratios.table(results));
        }
        default -> throw new IllegalArgumentException(set);
      }
    }
    return 0;
  }
}
