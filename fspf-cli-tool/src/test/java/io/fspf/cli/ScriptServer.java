package io.fspf.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Runs the commands of a shell script in one Java, since starting one for each takes longer than
 * all they do. The script's function {@code fspf} writes the words to a pipe, waits for the exit
 * code at another, and finds the output in two files.
 */
final class ScriptServer {
  private ScriptServer() {}

  public static void main(String[] args) throws IOException {
    Path exchange = Path.of(args[0]);
    while (true) {
      String request = Files.readString(exchange.resolve("request"));
      if (request.isEmpty()) {
        return;
      }
      List<String> words = Arrays.asList(request.split("\0", -1));
      // A NUL follows each word.
      words = words.subList(0, words.size() - 1);
      var out = new ByteArrayOutputStream();
      var err = new ByteArrayOutputStream();
      var terminal =
          new Terminal(
              TextOutput.of(new PrintStream(out), false, false),
              TextOutput.of(new PrintStream(err), false, false),
              System::getenv);
      int code = Main.run(terminal, words.toArray(String[]::new));
      terminal.flush();
      Files.write(exchange.resolve("out"), out.toByteArray());
      Files.write(exchange.resolve("err"), err.toByteArray());
      Files.writeString(exchange.resolve("response"), code + "\n", StandardCharsets.US_ASCII);
    }
  }
}
