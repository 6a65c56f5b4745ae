package io.fspf.nio.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Collects the checks of one area; and what they share. */
@SuppressWarnings("StreamResourceLeak") // What an open stream does is checked.
final class Checks {
  private final String area;
  private final List<Check> checks = new ArrayList<>();

  Checks(String area) {
    this.area = area;
  }

  Checks add(String name, Check.Body body) {
    checks.add(new Check(area, name, body));
    return this;
  }

  List<Check> list() {
    return checks;
  }

  static Path file(Path dir, String name, String content) throws IOException {
    return Files.writeString(dir.resolve(name), content);
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  static String text(ByteBuffer filled) {
    return UTF_8.decode(filled.flip()).toString();
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static List<String> names(Path dir) throws IOException {
    try (var entries = Files.newDirectoryStream(dir)) {
      var names = new ArrayList<String>();
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
      names.sort(null);
      return names;
    }
  }
}
