package io.fspf.internal.crypto;

import com.google.common.base.Splitter;
import com.google.common.io.BaseEncoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the known answers that all modules share; their README.md says how they are written. */
final class Vectors {
  /** The fields of one record. */
  static final class Vector {
    private final Map<String, String> fields = new LinkedHashMap<>();

    String text(String name) {
      String value = fields.get(name);
      if (value == null) {
        throw new IllegalStateException("The vector " + fields + " has no " + name);
      }
      return value;
    }

    byte[] bytes(String name) {
      return BaseEncoding.base16().lowerCase().decode(text(name));
    }

    SecretBytes secret(String name) {
      return SecretBytes.copyOf(bytes(name));
    }

    long number(String name) {
      return Long.parseLong(text(name));
    }

    boolean is(String kind) {
      return text("kind").equals(kind);
    }

    @Override
    public String toString() {
      return fields.toString();
    }
  }

  private Vectors() {}

  /** The records of these files, none of which may be empty. */
  static List<Vector> read(String... files) {
    var vectors = new ArrayList<Vector>();
    for (String file : files) {
      vectors.addAll(readOne(file));
    }
    return vectors;
  }

  private static List<Vector> readOne(String file) {
    Path path = Path.of(System.getProperty("fspf.test.resources"), "vectors", file);
    var vectors = new ArrayList<Vector>();
    Vector open = new Vector();
    try {
      for (String line : Files.readAllLines(path)) {
        if (line.isBlank()) {
          open = close(open, vectors);
        } else if (!line.startsWith("#")) {
          List<String> parts = Splitter.on('=').limit(2).trimResults().splitToList(line);
          open.fields.put(parts.get(0), parts.get(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    close(open, vectors);
    if (vectors.isEmpty()) {
      throw new IllegalStateException("No vectors in " + path);
    }
    return vectors;
  }

  private static Vector close(Vector open, List<Vector> vectors) {
    if (open.fields.isEmpty()) {
      return open;
    }
    vectors.add(open);
    return new Vector();
  }
}
