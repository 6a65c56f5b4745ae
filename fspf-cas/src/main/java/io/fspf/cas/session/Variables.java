package io.fspf.cas.session;

import io.fspf.cas.session.Yaml.Mapping;
import io.fspf.cas.session.Yaml.Node;
import io.fspf.cas.session.Yaml.Scalar;
import io.fspf.cas.session.Yaml.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values in the place of {@code $NAME} and <code>${NAME}</code>; {@code $$} is a dollar sign.
 * It works on the strings of a document that has been read, so that no value can add anything but
 * its own characters to it.
 */
final class Variables {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:(\\$)|([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)\\})?");

  private final Function<String, Optional<String>> values;

  Variables(Function<String, Optional<String>> values) {
    this.values = values;
  }

  /** The same with values for all variables. */
  Node in(Node node) throws SessionException {
    if (node instanceof Scalar scalar) {
      return new Scalar(in(scalar), scalar.line());
    }
    if (node instanceof Sequence sequence) {
      List<Node> items = new ArrayList<>();
      for (Node item : sequence.items()) {
        items.add(in(item));
      }
      return new Sequence(items, sequence.line());
    }
    Mapping mapping = (Mapping) node;
    Map<String, Node> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Node> entry : mapping.entries().entrySet()) {
      entries.put(entry.getKey(), in(entry.getValue()));
    }
    return new Mapping(entries, mapping.lines(), mapping.line());
  }

  private String in(Scalar scalar) throws SessionException {
    Matcher matcher = VARIABLE.matcher(scalar.text());
    var result = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(result, Matcher.quoteReplacement(value(matcher, scalar.line())));
    }
    return matcher.appendTail(result).toString();
  }

  private String value(Matcher matcher, int line) throws SessionException {
    if (matcher.group(1) != null) {
      return "$";
    }
    String name = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
    if (name == null) {
      throw new SessionException(line, "a lone $; a dollar sign is written $$");
    }
    return values
        .apply(name)
        .orElseThrow(() -> new SessionException(line, "the variable " + name + " has no value"));
  }
}
