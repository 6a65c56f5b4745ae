package io.fspf.tag;

import io.fspf.RootTag;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lines of {@code key=value}, in which stores write states down. */
final class TagText {
  private TagText() {}

  /**
   * The values by their keys.
   *
   * @throws IOException if a line is none, or a key comes twice
   */
  static Map<String, String> parse(List<String> lines, String source) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : lines) {
      int separator = line.indexOf('=');
      if (separator <= 0) {
        throw malformed(source, "a line is not key=value");
      }
      String key = line.substring(0, separator);
      if (values.put(key, line.substring(separator + 1)) != null) {
        throw malformed(source, "'" + key + "' comes twice");
      }
    }
    return values;
  }

  /** The state in the values {@code tag} and {@code generation}. */
  static TagState state(@Nullable String tag, @Nullable String generation, String source)
      throws IOException {
    if (tag == null || generation == null) {
      throw malformed(source, "it lacks a tag or a generation");
    }
    try {
      if (!generation.matches("[0-9]{1,19}")) {
        throw malformed(source, "its generation is no number");
      }
      return new TagState(RootTag.parse(tag), Long.parseLong(generation));
    } catch (IllegalArgumentException e) {
      var malformed = malformed(source, "its tag or generation is none");
      malformed.initCause(e);
      throw malformed;
    }
  }

  static IOException malformed(String source, String reason) {
    return new IOException("Malformed " + source + ": " + reason);
  }
}
