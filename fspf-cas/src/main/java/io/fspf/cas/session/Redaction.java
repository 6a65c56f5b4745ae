package io.fspf.cas.session;

import io.fspf.cas.session.Yaml.Mapping;
import io.fspf.cas.session.Yaml.Node;
import io.fspf.cas.session.Yaml.Scalar;
import io.fspf.cas.session.Yaml.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes the secrets out of a document. */
final class Redaction {
  private static final String HELD = "(held)";

  private Redaction() {}

  static Node of(Node node) {
    if (node instanceof Sequence sequence) {
      List<Node> items = sequence.items().stream().map(Redaction::of).toList();
      return new Sequence(items, sequence.line());
    }
    if (node instanceof Mapping mapping) {
      Map<String, Node> entries = new LinkedHashMap<>();
      mapping
          .entries()
          .forEach(
              (key, value) ->
                  entries.put(key, isSecret(key) ? new Scalar(HELD, value.line()) : of(value)));
      return new Mapping(entries, mapping.lines(), mapping.line());
    }
    return node;
  }

  private static boolean isSecret(String key) {
    return key.equals(SessionReader.KEY)
        || key.equals(SessionReader.CONTENT)
        || key.equals(SessionReader.ENVIRONMENT);
  }
}
