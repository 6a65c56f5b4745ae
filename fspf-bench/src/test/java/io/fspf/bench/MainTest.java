package io.fspf.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.bench.report.Measurement;
import io.fspf.bench.report.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That everything runs: small, once, and without a look at the figures. */
class MainTest {
  @TempDir private Path directory;

  private int quick(String... sets) throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree/below"));
    Files.writeString(tree.resolve("file"), "content");
    List<String> arguments = new ArrayList<>(List.of(sets));
    arguments.addAll(List.of(Main.QUICK, "--out", directory.resolve("out").toString()));
    arguments.addAll(List.of("--work", directory.resolve("work").toString()));
    arguments.addAll(List.of("--tree", directory.resolve("tree").toString()));
    return Main.run(arguments.toArray(new String[0]));
  }

  @Test
  void everyLineOfTheTableIsMeasuredAndThePageRenewed() throws Exception {
    Path page = directory.resolve("page.md");
    Files.writeString(page, "Figures:\n<!-- begin ratios -->\n<!-- end ratios -->\n");
    assertThat(quick("ratios", "--page", page.toString())).isZero();

    Results results = Results.read(directory.resolve("out/ratios.json"));
    List<String> works =
        results.measurements().stream().map(Measurement::benchmark).distinct().toList();
    // Without taskset there is no line for one core.
    assertThat(works).hasSizeBetween(11, 12);
    assertThat(results.measurements())
        .allSatisfy(each -> assertThat(each.median()).isPositive().isFinite());
    assertThat(Files.readString(page))
        .contains("![ratios](out/ratios.svg)", "Measured ", "| list and stat them |");
    assertThat(directory.resolve("out/ratios.svg")).content().contains("</svg>");
    try (var left = Files.list(directory.resolve("work"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void jmhRunsAndItsResultsHaveAllValuesOfTheColumn() throws Exception {
    assertThat(quick("force", "ciphers")).isZero();
    assertThat(kinds("force")).containsExactly("DEFAULT", "ENCRYPTED");
    Results ciphers = Results.read(directory.resolve("out/ciphers.json"));
    assertThat(ciphers.measurements().stream().map(Measurement::benchmark).distinct())
        .containsExactly("AES-256-GCM, encrypt", "AES-256-GCM, decrypt", "GMAC", "SHA-256");
    assertThat(directory.resolve("out/force.svg")).content().contains("write 4 KiB and force, µs");
  }

  private List<String> kinds(String set) throws Exception {
    return Results.read(directory.resolve("out/" + set + ".json")).measurements().stream()
        .map(each -> each.parameter("kind"))
        .toList();
  }

  @Test
  void unknownSetIsWrongUse() throws Exception {
    assertThat(quick("nonsense")).isEqualTo(2);
  }
}
