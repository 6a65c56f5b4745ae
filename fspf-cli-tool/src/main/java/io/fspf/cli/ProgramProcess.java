package io.fspf.cli;

import io.fspf.nio.MountedFileSystemProvider;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A process of this tool with other variables, another working directory and a default file system
 * in which volumes can be mounted.
 *
 * @param environment its variables, beside the few that every program may need
 * @param workingDirectory where relative paths start; it may be in a volume
 */
record ProgramProcess(Map<String, String> environment, Optional<String> workingDirectory) {
  /** What the host may say; it says nothing else. */
  private static final List<String> KEPT =
      List.of("HOME", "LANG", "LC_ALL", "LC_CTYPE", "PATH", "TERM", "TMPDIR", "TZ", "NO_COLOR");

  private static final int UNSAFE_WARNS = 23;

  /**
   * Runs the tool with these arguments to its end, on the streams of this process.
   *
   * @return the exit code
   */
  int run(List<String> arguments, Terminal terminal) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:-UsePerfData", "-Xlog:disable", "-Xlog:all=error:stderr"));
    words.add("--enable-native-access=ALL-UNNAMED");
    if (Runtime.version().feature() >= UNSAFE_WARNS) {
      words.add("--sun-misc-unsafe-memory-access=allow");
    }
    words.add(
        "-Djava.nio.file.spi.DefaultFileSystemProvider="
            + MountedFileSystemProvider.class.getName());
    workingDirectory.ifPresent(directory -> words.add("-Duser.dir=" + directory));
    words.addAll(terminal.toProperties());
    words.addAll(List.of("-cp", absolute(System.getProperty("java.class.path", ""))));
    words.add(Main.class.getName());
    words.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
    builder.environment().keySet().retainAll(KEPT);
    builder.environment().putAll(environment);
    terminal.flush();
    return waitFor(builder.start());
  }

  private static String absolute(String classPath) {
    return List.of(classPath.split(File.pathSeparator)).stream()
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The process ends with this one. */
  private static int waitFor(Process process) throws InterruptedIOException {
    var end = new Thread(() -> end(process), "fspf-program-end");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      int exit = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(end);
      return exit;
    } catch (IllegalStateException e) {
      return process.exitValue(); // This process is ending as well.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while the program ran");
    }
  }

  private static void end(Process process) {
    process.destroy();
    process.onExit().join();
  }
}
