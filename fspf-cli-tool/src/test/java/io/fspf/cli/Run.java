package io.fspf.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;

/** One run of the tool inside the test's process, and what came of it. */
record Run(int exit, String out, String err) {

  /** Runs the tool as a script would, with no variable set. */
  static Run of(String... args) {
    return with(false, terminal -> Main.run(terminal, args));
  }

  /** Does something with streams that are kept. */
  static Run with(boolean isTerminal, Function<Terminal, Integer> action) {
    return with(isTerminal, Map.of(), action);
  }

  /** The same, with variables. */
  static Run with(
      boolean isTerminal, Map<String, String> environment, Function<Terminal, Integer> action) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal =
        new Terminal(
            TextOutput.of(new PrintStream(out), isTerminal, isTerminal),
            TextOutput.of(new PrintStream(err), isTerminal, isTerminal),
            environment::get);
    int exit = action.apply(terminal);
    terminal.flush();
    return new Run(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Standard output, which must be one JSON object on a line. */
  JsonObject json() {
    return JsonParser.parseString(out.strip()).getAsJsonObject();
  }
}
