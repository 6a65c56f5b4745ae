package io.fspf.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.fspf.VolumeInfo;
import java.time.Duration;
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
  private boolean printed;

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

  /** Adds a fact, as a member and as a line. */
  Report finding(Finding finding) {
    return member(finding.name(), finding.value())
        .line(String.format("%-20s%s", finding.name(), finding.text()));
  }

  /** Adds the members that tell of a volume's state. */
  Report state(VolumeInfo info) {
    return member("tag", info.tag().toString())
        .member("generation", info.generation())
        .member("files", info.files())
        .member("directories", info.directories())
        .member("symlinks", info.symlinks())
        .member("bytes", info.bytes());
  }

  /** Adds how long it took, in seconds. */
  Report seconds(Duration elapsed) {
    return member("seconds", elapsed.toMillis() / 1e3);
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

  /** Leaves the printing to whoever did it already. */
  Report withoutOutput() {
    printed = true;
    return this;
  }

  /** The exit code. */
  int exitCode() {
    return exitCode;
  }

  /** Prints the object or the lines, as the options ask; once. */
  void print(TextOutput out, CommonOptions options) {
    if (printed) {
      return;
    }
    printed = true;
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
