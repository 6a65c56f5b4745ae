package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir private Path directory;

  @Test
  void tellsOfMachineAndDirectoryAndLeavesNothingBehind() throws Exception {
    Run run = Run.of("doctor", "--json", directory.toString());
    assertThat(run.exit()).isEqualTo(ExitCodes.OK);
    assertThat(run.err()).isEmpty();
    var facts = run.json();
    assertThat(facts.keySet())
        .startsWith("fspf", "java", "system")
        .contains("processorFeatures", "fileSystem", "usable", "syncMillis");
    for (String rate : List.of("seal", "open", "gmac", "sha256")) {
      // Between a slow machine's plain Java and what memory can carry.
      assertThat(facts.get(rate + "GBPerSecond").getAsDouble()).as(rate).isBetween(0.01, 500.0);
    }
    assertThat(facts.get("directory").getAsString()).isEqualTo(directory.toRealPath().toString());
    assertThat(facts.get("fileSystem").getAsString())
        .isEqualTo(Files.getFileStore(directory).type());
    assertThat(facts.get("processors").getAsInt())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(facts.get("writable").getAsBoolean()).isTrue();
    assertThat(facts.get("syncMillis").getAsDouble()).isPositive();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void linesTellTheSame() {
    Run run = Run.of("doctor", directory.toString());
    assertThat(run.out().lines().map(line -> line.split(" ", 2)[0]))
        .containsExactlyElementsOf(
            Run.of("doctor", "--json", directory.toString()).json().keySet());
  }

  @Test
  void directoryThatIsMissingIsTroubleOfTheHost() {
    Path missing = directory.resolve("missing");
    Run run = Run.of("doctor", missing.toString());
    assertThat(run.exit()).isEqualTo(ExitCodes.IO);
    assertThat(run.err()).isEqualTo("fspf: " + missing + ": not found\n");
  }
}
