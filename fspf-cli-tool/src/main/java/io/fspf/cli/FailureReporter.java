package io.fspf.cli;

import com.google.gson.JsonObject;
import io.fspf.IntegrityException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what went wrong, in one line on standard error and, where JSON was asked for, as an object
 * with the member {@code error} on standard output.
 */
final class FailureReporter implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final Pattern HEX_KEY = Pattern.compile("[0-9a-fA-F]{64}");

  /** The texts of ENOSPC and EDQUOT, which Java has no exceptions for. */
  private static final Pattern DISK_FULL =
      Pattern.compile("No space left on device|Disk quota exceeded");

  private final Terminal terminal;
  private final boolean json;

  FailureReporter(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    int code = report(e);
    PrintWriter err = e.getCommandLine().getErr();
    if (!HEX_KEY.matcher(String.valueOf(e.getMessage())).find()) {
      UnmatchedArgumentException.printSuggestions(e, err);
    }
    err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return code;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
    return e instanceof ParameterException wrongUse
        ? handleParseException(wrongUse, new String[0])
        : report(e);
  }

  /**
   * Reports a failure.
   *
   * @return the exit code
   */
  int report(Throwable thrown) {
    Throwable failure =
        thrown instanceof UncheckedIOException && thrown.getCause() instanceof IOException cause
            ? cause
            : thrown;
    int code = ExitCodes.of(failure);
    String message = message(failure);
    if (code == ExitCodes.BUG) {
      var trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace, true));
      terminal.err().println(trace.toString().stripTrailing());
    }
    terminal.err().println(TextOutput.Style.ERROR, "fspf: ", message);
    if (code == ExitCodes.BUG) {
      terminal.err().println("This is a bug in fspf. Please report it, with the lines above.");
    }
    if (json) {
      terminal.out().println(Json.text(object(failure, code, message)));
    }
    return code;
  }

  private static JsonObject object(Throwable failure, int code, String message) {
    var error = new JsonObject();
    error.addProperty("kind", kind(code));
    error.addProperty("exit", code);
    error.addProperty("message", message);
    if (failure instanceof IntegrityException violation) {
      error.addProperty("path", violation.path());
      violation.offset().ifPresent(offset -> error.addProperty("offset", offset));
      error.addProperty("reason", violation.reason());
    }
    var object = new JsonObject();
    object.add("error", error);
    return object;
  }

  private static String kind(int code) {
    return switch (code) {
      case ExitCodes.USAGE -> "usage";
      case ExitCodes.VIOLATED -> "violated";
      case ExitCodes.KEY -> "key";
      case ExitCodes.IO -> "io";
      default -> "bug";
    };
  }

  /** The platform's exceptions often say no more than a file's name. */
  private static String message(Throwable failure) {
    if (failure instanceof FileSystemException host && host.getReason() == null) {
      String what = trouble(host);
      return what.isEmpty() ? text(failure) : host.getFile() + ": " + what;
    }
    return text(failure);
  }

  private static String trouble(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "not found";
    } else if (failure instanceof AccessDeniedException) {
      return "permission denied: run as a user who has access, or leave it out (seal --exclude)";
    } else if (failure instanceof FileAlreadyExistsException) {
      return "exists already";
    } else if (failure instanceof NotDirectoryException) {
      return "is no directory";
    } else if (failure instanceof DirectoryNotEmptyException) {
      return "directory is not empty";
    } else {
      return "";
    }
  }

  private static String text(Throwable failure) {
    if (failure instanceof ReadOnlyFileSystemException) {
      return "this part of the volume cannot be changed";
    }
    String message = failure.getMessage();
    if (message == null) {
      return failure.getClass().getSimpleName();
    }
    if (DISK_FULL.matcher(message).find()) {
      return message + ": make room on the host's disk, and run the command again";
    }
    // What was typed in a wrong place may be a key.
    return failure instanceof ParameterException
        ? HEX_KEY.matcher(message).replaceAll("<64 hex digits>")
        : message;
  }
}
