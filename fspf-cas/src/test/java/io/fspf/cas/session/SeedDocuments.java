package io.fspf.cas.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The two sessions of the field's own documentation, character by character. */
public final class SeedDocuments {
  private SeedDocuments() {}

  /** The image creator's. */
  public static String creator() throws IOException {
    return resource("blender.yml");
  }

  /** The user's template. */
  public static String user() throws IOException {
    return resource("blender-user.yml");
  }

  /** Reads one of them with values for its variables. */
  public static Session read(String document, Map<String, String> variables)
      throws SessionException {
    return Session.read(document, name -> Optional.ofNullable(variables.get(name)));
  }

  private static String resource(String name) throws IOException {
    try (var in = Objects.requireNonNull(SeedDocuments.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
