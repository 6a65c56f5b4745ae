package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  @Test
  void noCommandIsWrongUse() {
    Run run = Run.of();
    assertThat(run.exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("Missing required subcommand").contains("fspf --help");
  }

  @Test
  void unknownCommandIsWrongUseAndTheNearestIsNamed() {
    Run run = Run.of("doctr");
    assertThat(run.exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(run.err()).contains("'doctr'").contains("fspf doctor");
  }

  @Test
  void wrongUseIsToldInJsonToo() {
    Run run = Run.of("doctor", "--json", "--frobnicate");
    assertThat(run.exit()).isEqualTo(ExitCodes.USAGE);
    var error = run.json().getAsJsonObject("error");
    assertThat(error.get("kind").getAsString()).isEqualTo("usage");
    assertThat(error.get("exit").getAsInt()).isEqualTo(ExitCodes.USAGE);
    assertThat(error.get("message").getAsString()).contains("--frobnicate");
  }

  @Test
  void leadingWordFspfIsAccepted() {
    assertThat(Run.of("fspf", "--version")).isEqualTo(Run.of("--version"));
    assertThat(Run.of("fspf", "--version").exit()).isEqualTo(ExitCodes.OK);
  }

  @Test
  void versionNamesFspfAndJava() {
    assertThat(Run.of("--version").out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("fspf "),
            line -> assertThat(line).isEqualTo("Java " + Runtime.version()));
  }

  @Test
  void everyCommandHasADescriptionAndAnExampleInItsHelp() {
    Run.with(
        false,
        terminal -> {
          var commands = new ArrayDeque<CommandLine>(List.of(Main.commandLine(terminal)));
          while (!commands.isEmpty()) {
            CommandLine command = commands.remove();
            commands.addAll(command.getSubcommands().values());
            var usage = command.getCommandSpec().usageMessage();
            String name = command.getCommandSpec().qualifiedName();
            assertThat(usage.description()).as(name).isNotEmpty();
            assertThat(Arrays.asList(usage.footer()))
                .as("examples of " + name)
                .isNotEmpty()
                .allMatch(line -> line.contains("fspf"));
          }
          return 0;
        });
  }

  @Test
  void helpHasColoursOnlyOnATerminal() {
    assertThat(Run.of("doctor", "--help").out()).contains("Example:").doesNotContain("\u001b[");
    Run onTerminal = Run.with(true, terminal -> Main.run(terminal, "doctor", "--help"));
    assertThat(onTerminal.out()).contains("\u001b[");
  }
}
