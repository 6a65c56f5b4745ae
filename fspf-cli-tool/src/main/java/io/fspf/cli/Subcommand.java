package io.fspf.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands do: run, print the report, return the exit code. */
abstract class Subcommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec;

  @Override
  public final Integer call() throws IOException {
    Terminal terminal = ((FspfCommand) spec.root().userObject()).terminal();
    Report report = run(terminal);
    report.print(terminal.out(), common);
    return report.exitCode();
  }

  /** A failure of whoever typed the command. */
  final ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Does the work. */
  abstract Report run(Terminal terminal) throws IOException;

  /** The options that every command has. */
  final CommonOptions common() {
    return common;
  }
}
