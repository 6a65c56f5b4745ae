package io.fspf.cli;

import java.io.IOException;
import java.util.List;

/** What {@link RunCommandTest} packs into a jar and runs from a volume. */
public final class SampleProgram {
  private SampleProgram() {}

  /** Not needed until it is asked for. */
  private static final class Late {
    static String word() {
      return "late";
    }
  }

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "arguments" -> System.out.println(List.of(args));
      case "resource" -> {
        try (var in = SampleProgram.class.getResourceAsStream("/words.txt")) {
          System.out.write(in == null ? new byte[0] : in.readAllBytes());
          System.out.println();
        }
      }
      case "late" -> System.out.println(Late.word());
      case "optional" -> {
        try {
          System.out.println(Class.forName("io.fspf.cli.SampleProgram$Late"));
        } catch (ClassNotFoundException e) {
          System.out.println("does without");
        }
      }
      case "throw" -> throw new IOException("of the program's own");
      case "exit" -> System.exit(42);
      case "thread" ->
          new Thread(
                  () -> {
                    try {
                      Thread.sleep(300);
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    System.out.println("after main: " + Late.word());
                  })
              .start();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }
}
