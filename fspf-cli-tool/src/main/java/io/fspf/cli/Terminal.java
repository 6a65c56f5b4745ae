package io.fspf.cli;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The process's standard output and error, and its environment. */
record Terminal(TextOutput out, TextOutput err, Environment environment) {
  /** The variables of a process. */
  @FunctionalInterface
  interface Environment {
    /** The value of a variable, or null where it is not set. */
    @Nullable String get(String variable);
  }

  /** What the launcher found out about a standard stream; Java alone cannot tell them apart. */
  private static final String OUT_IS_TERMINAL = "fspf.stdout.terminal";

  private static final String ERR_IS_TERMINAL = "fspf.stderr.terminal";

  /** Those of this process. */
  static Terminal ofProcess() {
    boolean plain =
        !System.getenv().getOrDefault("NO_COLOR", "").isEmpty()
            || System.getenv().getOrDefault("TERM", "dumb").equals("dumb");
    return new Terminal(
        TextOutput.of(System.out, Boolean.getBoolean(OUT_IS_TERMINAL), !plain),
        TextOutput.of(System.err, Boolean.getBoolean(ERR_IS_TERMINAL), !plain),
        System::getenv);
  }

  /** What tells a process on the same streams which of them are terminals. */
  List<String> toProperties() {
    return List.of(
        "-D" + OUT_IS_TERMINAL + "=" + out.terminal(),
        "-D" + ERR_IS_TERMINAL + "=" + err.terminal());
  }

  /** The value of the first of these variables that is set and not empty. */
  Optional<String> firstSet(String... variables) {
    for (String variable : variables) {
      String value = environment.get(variable);
      if (value != null && !value.isEmpty()) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** Says something that is no failure on standard error, unless quiet was asked for. */
  void warn(CommonOptions common, String message) {
    if (!common.quiet()) {
      err.println(TextOutput.Style.WARNING, "fspf: ", message);
    }
  }

  /** Writes out what is buffered. */
  void flush() {
    out.stream().flush();
    err.stream().flush();
  }
}
