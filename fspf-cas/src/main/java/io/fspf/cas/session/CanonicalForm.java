package io.fspf.cas.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.fspf.cas.session.Yaml.Mapping;
import io.fspf.cas.session.Yaml.Node;
import io.fspf.cas.session.Yaml.Scalar;
import io.fspf.cas.session.Yaml.Sequence;
import java.util.TreeSet;

/**
 * The one way to write a document down: JSON of strings, keys in the order of their UTF-16 units,
 * no white space. It is YAML too, so that the same reader reads it. Comments, styles and the order
 * of keys make no difference to the hash, the order of lists does.
 */
final class CanonicalForm {
  private static final String LABEL = "fspf session v1\n";

  private CanonicalForm() {}

  /** The text. */
  static String of(Node node) {
    var text = new StringBuilder();
    append(text, node);
    return text.toString();
  }

  /** SHA-256 over a label and the text. */
  static HashCode hash(String canonical) {
    return Hashing.sha256().newHasher().putString(LABEL, UTF_8).putString(canonical, UTF_8).hash();
  }

  private static void append(StringBuilder text, Node node) {
    if (node instanceof Scalar scalar) {
      quote(text, scalar.text());
    } else if (node instanceof Sequence sequence) {
      char before = '[';
      for (Node item : sequence.items()) {
        append(text.append(before), item);
        before = ',';
      }
      text.append(before == '[' ? "[]" : "]");
    } else {
      Mapping mapping = (Mapping) node;
      char before = '{';
      for (String key : new TreeSet<>(mapping.entries().keySet())) {
        quote(text.append(before), key);
        Node value = mapping.entries().get(key);
        if (value != null) {
          append(text.append(':'), value);
        }
        before = ',';
      }
      text.append(before == '{' ? "{}" : "}");
    }
  }

  private static void quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20 || c >= 0x7f) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
