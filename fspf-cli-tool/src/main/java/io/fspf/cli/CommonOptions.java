package io.fspf.cli;

import picocli.CommandLine.Option;

/** The options of every command. */
final class CommonOptions {
  static final String JSON = "--json";

  @Option(names = JSON, description = "Print one JSON object on standard output.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress bar and no remarks.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // Picocli acts on it.
  private boolean help;

  /** Whether the result is one JSON object. */
  boolean json() {
    return json;
  }

  /** Whether only what was asked for is printed. */
  boolean quiet() {
    return quiet;
  }
}
