package io.fspf.nio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A program that knows nothing of volumes: it works at two paths of the default file system. */
final class UnmodifiedProgram {
  private UnmodifiedProgram() {}

  public static void main(String[] args) throws IOException {
    Path outputs = Path.of("/encryptedOutputs");
    Files.createDirectories(outputs.resolve("results"));
    try (var inputs = Files.walk(Path.of("/encryptedInputs"))) {
      for (Path input : (Iterable<Path>) inputs.filter(Files::isRegularFile)::iterator) {
        String text = Files.readString(input);
        Files.writeString(
            outputs.resolve("results").resolve(input.getFileName()), text.toUpperCase(Locale.ROOT));
      }
    }
    Path scratch = Files.createTempFile(Path.of("/scratch"), "a", "b");
    Files.writeString(scratch, "scratch text");
    try (var root = Files.list(Path.of("/"))) {
      System.out.println(
          "root has mounts: "
              + root.map(Path::toString)
                  .filter(name -> name.startsWith("/encrypted") || name.equals("/scratch"))
                  .sorted()
                  .toList());
    }
    System.out.println("temporary: " + Files.readString(scratch));
    System.out.println("host: " + Files.exists(Path.of(System.getProperty("java.home"))));
  }
}
