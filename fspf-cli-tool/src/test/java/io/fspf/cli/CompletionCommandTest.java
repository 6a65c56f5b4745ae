package io.fspf.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
  @TempDir private Path directory;

  @Test
  void bashCompletesACommandAndAnOption() throws Exception {
    assumeThat(Path.of("/bin/bash")).exists();
    Path script = Files.writeString(directory.resolve("fspf"), Run.of("completion", "bash").out());
    assertThat(completed(script, "fspf doc")).isEqualTo("doctor");
    assertThat(completed(script, "fspf doctor --js")).isEqualTo("--json");
  }

  /** What bash offers for the last word of a line. */
  private static String completed(Path script, String line)
      throws IOException, InterruptedException {
    String program =
        "source \"$1\"; read -ra COMP_WORDS <<<\"$2\"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
            + " COMP_LINE=$2; COMP_POINT=${#2}; _complete_fspf; echo \"${COMPREPLY[*]}\"";
    Process bash =
        new ProcessBuilder("/bin/bash", "-c", program, "bash", script.toString(), line)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output =
        new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(bash.waitFor(30, SECONDS)).isTrue();
    return output;
  }

  @Test
  void zshGetsAScriptAndOtherShellsDoNot() {
    assertThat(Run.of("completion", "zsh").out()).contains("bashcompinit");
    assertThat(Run.of("completion", "fish").exit()).isEqualTo(ExitCodes.USAGE);
  }
}
