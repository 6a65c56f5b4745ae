package io.fspf.bench.ratio;

import io.fspf.bench.Main;
import io.fspf.bench.report.Measurement;
import io.fspf.bench.report.Results;
import io.fspf.bench.work.Directories;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures in a process that the system keeps on one core, by {@code taskset}. That holds for every
 * thread, those of the virtual machine as well, and needs no switch in what is measured.
 */
final class OneCore {
  private static final String PINNED = "fspf.bench.pinned";
  private static final String ALLOWED = "Cpus_allowed_list:";

  private OneCore() {}

  /** Whether this is such a process. */
  static boolean isPinned() {
    return Boolean.getBoolean(PINNED);
  }

  /**
   * Measures a comparison there.
   *
   * @param comparison its title
   * @return nothing where there is no {@code taskset}, or if it failed, which it then has told
   */
  static Map<String, Measurement> measure(
      String comparison, boolean quick, Path work, PrintStream log)
      throws IOException, InterruptedException {
    Path out = Files.createTempDirectory(work, "one-core");
    List<String> command = new ArrayList<>(List.of("taskset", "-c", core()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-D" + PINNED + "=true", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), Ratios.SET, "--only", comparison));
    command.addAll(List.of("--work", work.toString(), "--out", out.toString()));
    if (quick) {
      command.add(Main.QUICK);
    }
    Map<String, Measurement> steps = new LinkedHashMap<>();
    try {
      var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      if (process.redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0) {
        Results.read(out.resolve(Ratios.SET + ".json"))
            .measurements()
            .forEach(each -> steps.put(each.parameter(Comparison.STEP), each));
      }
    } catch (IOException e) {
      log.println("  not measured: " + e.getMessage());
    } finally {
      Directories.remove(out);
    }
    return steps;
  }

  /** The first core that this process may use. */
  private static String core() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(ALLOWED))
        .map(line -> line.substring(ALLOWED.length()).strip().split("[-,]", 2)[0])
        .findFirst()
        .orElse("0");
  }
}
