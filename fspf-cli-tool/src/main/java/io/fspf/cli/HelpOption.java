package io.fspf.cli;

import picocli.CommandLine.Option;

/** The one option of a command that only holds others. */
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // Picocli acts on it.
  private boolean help;
}
