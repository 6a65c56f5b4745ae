package io.fspf.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command without a subcommand: help and version. */
@Command(
    name = "fspf",
    subcommands = {DoctorCommand.class, CompletionCommand.class},
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Protects directory trees on a machine that is not trusted.",
    footerHeading = "%nExample:%n",
    footer = "  fspf doctor")
final class FspfCommand {
  private final Terminal terminal;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // Picocli acts on it.
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  @SuppressWarnings("UnusedVariable") // Picocli acts on it.
  private boolean version;

  FspfCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The streams and the environment of all commands. */
  Terminal terminal() {
    return terminal;
  }
}
