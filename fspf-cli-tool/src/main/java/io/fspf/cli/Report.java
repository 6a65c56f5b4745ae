package io.fspf.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command says at its end: lines for people and scripts, one JSON object for programs, and
 * the exit code.
 */
final class Report {
  private record Line(String text, boolean note) {}

  private final JsonObject members = new JsonObject();
  private final List<Line> lines = new ArrayList<>();
  private int exitCode = ExitCodes.OK;

  /** Adds a member to the object. */
  Report member(String name, JsonElement value) {
    members.add(name, value);
    return this;
  }

  /** Adds a text to the object. */
  Report member(String name, String value) {
    return member(name, new JsonPrimitive(value));
  }

  /** Adds a number to the object. */
  Report member(String name, Number value) {
    return member(name, new JsonPrimitive(value));
  }

  /** Adds a line that was asked for. */
  Report line(String text) {
    lines.add(new Line(text, false));
    return this;
  }

  /** Adds a line that {@code --quiet} leaves out. */
  Report note(String text) {
    lines.add(new Line(text, true));
    return this;
  }

  /** Sets the exit code, which is {@link ExitCodes#OK} otherwise. */
  Report exitCode(int code) {
    exitCode = code;
    return this;
  }

  /** The exit code. */
  int exitCode() {
    return exitCode;
  }

  /** Prints the object or the lines, as the options ask. */
  void print(TextOutput out, CommonOptions options) {
    if (options.json()) {
      out.println(Json.text(members));
      return;
    }
    for (Line line : lines) {
      if (!line.note() || !options.quiet()) {
        out.println(line.text());
      }
    }
  }
}
