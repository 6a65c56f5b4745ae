package io.fspf.cli;

import io.fspf.VolumePath;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.TypeConversionException;

/** Runs the command {@code fspf}. */
public final class Main {
  private static final String NAME = "fspf";

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    Terminal terminal = Terminal.ofProcess();
    int code = run(terminal, args);
    terminal.flush();
    System.exit(code);
  }

  /**
   * Runs one command.
   *
   * @return the exit code, one of {@link ExitCodes}
   */
  static int run(Terminal terminal, String... args) {
    List<String> words = Arrays.asList(args);
    // With "alias scone=fspf" the scripts of old say "scone fspf create ...".
    if (!words.isEmpty() && words.get(0).equals(NAME)) {
      words = words.subList(1, words.size());
    }
    FailureReporter failures = new FailureReporter(terminal, words.contains(CommonOptions.JSON));
    CommandLine commandLine = commandLine(terminal);
    commandLine.setParameterExceptionHandler(failures);
    commandLine.setExecutionExceptionHandler(failures);
    try {
      int code = commandLine.execute(words.toArray(String[]::new));
      if (code == ExitCodes.OK) {
        terminal.out().check();
      }
      return code;
    } catch (IOException | Error e) {
      return failures.report(e);
    }
  }

  /** The parser with all commands. */
  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new FspfCommand(terminal))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(VolumePath.class, Main::volumePath)
        .setOut(new PrintWriter(terminal.out().stream(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(terminal.err().stream(), true, StandardCharsets.UTF_8))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(terminal.out().colour() ? Ansi.ON : Ansi.OFF));
  }

  private static VolumePath volumePath(String text) {
    try {
      return VolumePath.of(text).normalize();
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
