package io.fspf.bench;

import java.util.Arrays;

/** Runs a named measurement: {@code scale DIR} or {@code jmh [ARGUMENTS OF JMH]}. */
public final class Main {
  private Main() {}

  /** The command. */
  public static void main(String[] arguments) throws Exception {
    String name = arguments.length == 0 ? "" : arguments[0];
    String[] rest = Arrays.copyOfRange(arguments, Math.min(1, arguments.length), arguments.length);
    switch (name) {
      case "scale" -> ScaleMeasurement.main(rest);
      case "jmh" -> org.openjdk.jmh.Main.main(rest);
      default -> {
        System.err.println("Usage: scale DIR | jmh [ARGUMENTS OF JMH]");
        System.exit(2);
      }
    }
  }
}
