package io.fspf.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.common.base.Splitter;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Command lines in SCONE's shape. As any words they are parsed, or refused as wrong use; with words
 * that stay in a scratch directory they run as well, one line after another on the same files, and
 * none ends as a bug.
 */
class SconeCommandFuzzTest {
  private static final int MAX_LINES = 8;

  private static final List<String> WORDS =
      List.of(
          "fspf",
          "create",
          "addr",
          "addf",
          "encrypt",
          "show",
          "create-volume",
          "D/fspf.pb",
          "D/volume.fspf",
          "D",
          "D/",
          "D/source",
          "D/source/file",
          "D/out",
          "D/missing/x",
          "/",
          ".",
          "..",
          "/data",
          "/data/",
          "data/../x",
          "/source",
          "a",
          "",
          "--encrypted",
          "--authenticated",
          "--not-protected",
          "-e",
          "-a",
          "-n",
          "-enk",
          "--kernel",
          "--ephemeral",
          "-c",
          "-k",
          "0",
          "1",
          "4096",
          "65536",
          "128",
          "256",
          "-1",
          "99999999999999999999",
          "4KiB",
          "-f",
          "--envar-output",
          "-t",
          "--tag",
          "--json",
          "--quiet",
          "--key-file",
          "D/key",
          "--help",
          "0.1",
          "--",
          "--kernel=D/source",
          "--host-root",
          "x".repeat(300));

  @TempDir static Path scratch;

  @FuzzTest
  void lines(byte[] input) throws IOException {
    ParseResult unused = parse(Splitter.on('\0').splitToList(new String(input, UTF_8)));
    Path directory = scratch.resolve("d");
    MoreFiles.createParentDirectories(directory.resolve("source/sub/file"));
    Files.createDirectories(directory.resolve("source/sub"));
    Files.write(directory.resolve("source/file"), new byte[5000]);
    try {
      var line = new ArrayList<String>();
      int lines = 0;
      for (byte b : input) {
        int word = b & 0xFF;
        if (word < WORDS.size()) {
          line.add(WORDS.get(word).replaceFirst("D(?=/|$)", directory.toString()));
        } else if (lines++ < MAX_LINES) {
          run(directory, line);
          line.clear();
        }
      }
      run(directory, line);
    } finally {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** What the words mean, or null if they are wrong use. Nothing runs. */
  private static @Nullable ParseResult parse(List<String> words) {
    var result = new ParseResult[1];
    if (words.stream().anyMatch(word -> word.startsWith("@"))) {
      return null; // The parser reads such a file.
    }
    Run run =
        Run.with(
            false,
            terminal -> {
              try {
                result[0] = Main.commandLine(terminal).parseArgs(words.toArray(String[]::new));
                return ExitCodes.OK;
              } catch (ParameterException e) {
                return ExitCodes.USAGE;
              }
            });
    if (!run.out().isEmpty()) {
      throw new AssertionError(run);
    }
    return result[0];
  }

  /** Whether no word but paths of the volume names a file outside of a directory. */
  private static boolean staysIn(Path directory, @Nullable ParseResult parsed) {
    if (parsed == null) {
      return true; // Wrong use.
    }
    for (ParseResult at = parsed; at != null; at = at.subcommand()) {
      for (CommandLine.Model.ArgSpec argument : at.matchedArgs()) {
        Class<?> type = argument.type();
        if ((type == Path.class || type == String.class)
            && !argument.originalStringValues().stream()
                .allMatch(value -> Path.of(value).startsWith(directory))) {
          return false;
        }
      }
    }
    return true;
  }

  private static void run(Path directory, List<String> line) {
    List<String> words = List.copyOf(line);
    boolean leading = !words.isEmpty() && words.get(0).equals("fspf");
    if (!staysIn(directory, parse(leading ? words.subList(1, words.size()) : words))) {
      return;
    }
    Run run = Run.of(words.toArray(String[]::new));
    if (run.exit() == ExitCodes.BUG || run.exit() == ExitCodes.DIFFERENT) {
      throw new AssertionError(words + ": " + run);
    }
    if (run.exit() != ExitCodes.OK && run.err().isEmpty()) {
      throw new AssertionError(words + " fails without a word");
    }
  }
}
