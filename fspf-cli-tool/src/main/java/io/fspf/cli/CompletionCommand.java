package io.fspf.cli;

import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a script that completes fspf's commands and options in a shell. */
@Command(
    name = "completion",
    description = "Print the completion script for a shell.",
    footerHeading = "%nExample:%n",
    footer = "  source <(fspf completion bash)")
final class CompletionCommand extends Subcommand {
  private enum Shell {
    BASH,
    ZSH
  }

  @Parameters(paramLabel = "bash|zsh", description = "The shell.")
  private Shell shell;

  @Override
  Report run(Terminal terminal) {
    // One script for both: in zsh it loads the emulation of bash's completion.
    String script = AutoComplete.bash("fspf", new CommandLine(new FspfCommand(terminal)));
    return new Report()
        .member("shell", shell.name().toLowerCase(Locale.ROOT))
        .member("script", script)
        .line(script.stripTrailing());
  }
}
