package io.fspf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A session document and the values of its variables. */
final class TemplateOptions {
  private static final int MAX_VALUE = 64 << 10;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "-e",
      paramLabel = "NAME=VALUE",
      description = {
        "The value of $NAME in the document; with NAME=@FILE what the file holds.",
        "Keys are only taken from files that nobody else can read."
      })
  private Map<String, String> values = Map.of();

  @Option(
      names = "--use-env",
      description = "Variables without -e have their values from the environment.")
  private boolean useEnvironment;

  @Parameters(index = "0", paramLabel = "FILE", description = "The session document, in YAML.")
  private Path file;

  /** The document. */
  Path file() {
    return file;
  }

  /** Whether the environment counts. */
  boolean useEnvironment() {
    return useEnvironment;
  }

  /** The values that stand in arguments. */
  Map<String, String> inArguments() {
    Map<String, String> given = new HashMap<>(values);
    given.values().removeIf(TemplateOptions::isFile);
    return given;
  }

  /** The files that hold the other values. */
  Map<String, Path> inFiles() {
    Map<String, Path> files = new HashMap<>();
    values.forEach(
        (name, value) -> {
          if (isFile(value)) {
            files.put(name, Path.of(value.substring(1)));
          }
        });
    return files;
  }

  private static boolean isFile(String value) {
    return value.startsWith("@");
  }

  /** All values. */
  Map<String, String> resolved() throws IOException {
    Map<String, String> resolved = inArguments();
    for (Map.Entry<String, Path> entry : inFiles().entrySet()) {
      resolved.put(entry.getKey(), text(entry.getValue()));
    }
    return resolved;
  }

  /** A small file's text, without the newline at its end. */
  private static String text(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_VALUE + 1);
      if (bytes.length > MAX_VALUE) {
        throw new IOException(file + " is too long for the value of a variable");
      }
      return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    }
  }

  /** A failure of whoever wrote the document or typed the command. */
  ParameterException wrongUse(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
