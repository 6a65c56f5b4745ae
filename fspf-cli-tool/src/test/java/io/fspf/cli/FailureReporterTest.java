package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fspf.FreshnessException;
import io.fspf.IntegrityException;
import io.fspf.VolumeKeyException;
import io.fspf.VolumeLockedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailureReporterTest {
  /** Fails as it is told to. */
  @Command(name = "fail", description = "Fail.", footer = "fspf fail")
  private static final class FailingCommand extends Subcommand {
    private final Throwable failure;

    FailingCommand(Throwable failure) {
      this.failure = failure;
    }

    @Override
    Report run(Terminal terminal) throws IOException {
      if (failure instanceof IOException io) {
        throw io;
      } else if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }

  private static Run failing(Throwable failure, boolean json) {
    return Run.with(
        false,
        terminal -> {
          var reporter = new FailureReporter(terminal, json);
          CommandLine commandLine =
              Main.commandLine(terminal).addSubcommand(new FailingCommand(failure));
          commandLine.setExecutionExceptionHandler(reporter);
          commandLine.setParameterExceptionHandler(reporter);
          try {
            return json ? commandLine.execute("fail", "--json") : commandLine.execute("fail");
          } catch (Error e) {
            return reporter.report(e);
          }
        });
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(
            new IntegrityException("/a/b", 4096, "chunk is damaged"),
            3,
            "/a/b at offset 4096: chunk is damaged"),
        arguments(
            IntegrityException.inMetadata(17, "digest differs"),
            3,
            "volume metadata at offset 17: digest differs"),
        arguments(new FreshnessException("rolled back"), 3, "rolled back"),
        arguments(new VolumeKeyException("no key: use --key-file"), 4, "no key: use --key-file"),
        arguments(new VolumeLockedException("in use"), 5, "in use"),
        arguments(new NoSuchFileException("/x"), 5, "/x: not found"),
        arguments(
            new AccessDeniedException("/x"),
            5,
            "/x: permission denied: run as a user who has access, or leave it out (seal --exclude)"),
        arguments(
            new IOException("No space left on device"),
            5,
            "No space left on device: make room on the host's disk, and run the command again"),
        arguments(
            new FileSystemException("/x", null, "Read-only file system"),
            5,
            "/x: Read-only file system"),
        arguments(new UncheckedIOException(new NoSuchFileException("/x")), 5, "/x: not found"),
        arguments(new IllegalStateException("impossible"), 70, "impossible"),
        arguments(new StackOverflowError(), 70, "StackOverflowError"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void eachKindHasItsExitCodeAndOneLine(Throwable failure, int exit, String message) {
    Run run = failing(failure, false);
    assertThat(run.exit()).isEqualTo(exit);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).contains("fspf: " + message);
    if (exit == ExitCodes.BUG) {
      assertThat(run.err()).contains("\tat io.fspf.cli.").contains("Please report it");
    } else {
      assertThat(run.err().lines()).hasSize(1);
    }
  }

  @Test
  void violationIsAnObjectWithPathOffsetAndReason() {
    Run run = failing(new IntegrityException("/ü", 8192, "chunk is damaged"), true);
    assertThat(run.out().strip())
        .isEqualTo(
            "{\"error\":{\"kind\":\"violated\",\"exit\":3,"
                + "\"message\":\"/ü at offset 8192: chunk is damaged\","
                + "\"path\":\"/ü\",\"offset\":8192,\"reason\":\"chunk is damaged\"}}");
  }
}
