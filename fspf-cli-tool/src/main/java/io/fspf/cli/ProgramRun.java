package io.fspf.cli;

import com.google.common.base.Throwables;
import io.fspf.FspfException;
import io.fspf.nio.RunFromVolume;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.util.List;

/** Runs a Java program of a file system to its end, as the java command does it. */
final class ProgramRun {
  private static final int PROGRAM_FAILED = 1;

  private ProgramRun() {}

  /**
   * Runs it.
   *
   * @param words as {@link RunFromVolume#load} takes them
   * @return the exit code
   * @throws FspfException if code or data is not what was committed
   */
  static int run(FileSystem files, List<String> words, Subcommand command, Terminal terminal)
      throws IOException {
    RunFromVolume.Program program = load(files, words, command);
    try {
      program.runToEnd();
      return ExitCodes.OK;
    } catch (Throwable e) {
      failed(terminal, e);
      return PROGRAM_FAILED;
    }
  }

  private static RunFromVolume.Program load(
      FileSystem files, List<String> words, Subcommand command) throws IOException {
    try {
      return RunFromVolume.load(files, words);
    } catch (IllegalArgumentException e) {
      throw command.wrongUse(String.valueOf(e.getMessage()));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IOException("No program to run in " + words.get(0) + ": " + e, e);
    }
  }

  /** What the host has done is told as elsewhere, the program's own failures as Java tells them. */
  private static void failed(Terminal terminal, Throwable failure) throws IOException {
    for (Throwable cause : Throwables.getCausalChain(failure)) {
      if (cause instanceof FspfException violation) {
        throw violation;
      }
    }
    var trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    terminal.err().println("Exception in thread \"main\" " + trace.toString().stripTrailing());
  }
}
