package io.fspf.cas.session;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.fspf.cas.session.Yaml.Mapping;
import io.fspf.cas.session.Yaml.Node;
import io.fspf.cas.session.Yaml.Scalar;
import io.fspf.cas.session.Yaml.Sequence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of one mapping, taken one by one; what is left in the end is an error. */
final class Fields {
  private final String where;
  private final int line;
  private final Map<String, Node> left;
  private final Map<String, Integer> lines;

  private Fields(String where, Mapping mapping) {
    this.where = where;
    this.line = mapping.line();
    this.left = new LinkedHashMap<>(mapping.entries());
    this.lines = mapping.lines();
  }

  /** Turns a value into what it stands for. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(String text);
  }

  /** Reads one item of a list. */
  @FunctionalInterface
  interface Item<T> {
    T read(Fields fields) throws SessionException;
  }

  /** Reads a node of whatever kind. */
  @FunctionalInterface
  interface Any<T> {
    T read(Node node) throws SessionException;
  }

  /** The fields of a node that has to be a mapping. */
  static Fields of(String where, Node node) throws SessionException {
    if (node instanceof Mapping mapping) {
      return new Fields(where, mapping);
    }
    throw new SessionException(node.line(), where + " is to be a mapping");
  }

  int line() {
    return line;
  }

  String where() {
    return where;
  }

  SessionException error(String reason) {
    return new SessionException(line, where + " " + reason);
  }

  private String nameOf(String key) {
    return where.equals(SessionReader.TOP) ? "'" + key + "'" : "'" + key + "' of " + where;
  }

  /** The text of an entry, empty where there is no such entry. */
  Optional<String> text(String key) throws SessionException {
    return value(key, text -> text);
  }

  /** What an entry's text stands for. */
  <T> Optional<T> value(String key, Parser<T> parser) throws SessionException {
    Node node = left.remove(key);
    return node == null ? Optional.empty() : Optional.of(parse(node, nameOf(key), parser));
  }

  private static <T> T parse(Node node, String name, Parser<T> parser) throws SessionException {
    if (!(node instanceof Scalar scalar)) {
      throw new SessionException(node.line(), name + " is to be text");
    }
    if (scalar.text().isEmpty()) {
      throw new SessionException(node.line(), name + " has no value");
    }
    try {
      return parser.parse(scalar.text());
    } catch (IllegalArgumentException e) {
      throw new SessionException(node.line(), name + ": " + e.getMessage());
    }
  }

  /** The text of an entry that has to be there. */
  String required(String key) throws SessionException {
    return text(key).orElseThrow(() -> error("has no '" + key + "'"));
  }

  /** A list of texts; empty where there is no such entry. */
  <T> Optional<ImmutableList<T>> values(String key, Parser<T> parser) throws SessionException {
    Node node = left.remove(key);
    if (node == null) {
      return Optional.empty();
    }
    var values = ImmutableList.<T>builder();
    for (Node item : items(node, nameOf(key))) {
      values.add(parse(item, nameOf(key), parser));
    }
    return Optional.of(values.build());
  }

  private static Iterable<Node> items(Node node, String name) throws SessionException {
    if (node instanceof Sequence sequence) {
      return sequence.items();
    }
    throw new SessionException(node.line(), name + " is to be a list");
  }

  /** A list of mappings; none where there is no such entry. */
  <T> ImmutableList<T> list(String key, Item<T> item) throws SessionException {
    Node node = left.remove(key);
    var read = ImmutableList.<T>builder();
    if (node != null) {
      int index = 0;
      for (Node element : items(node, nameOf(key))) {
        String name =
            (where.equals(SessionReader.TOP) ? "" : where + ".") + key + "[" + index + "]";
        Fields fields = of(name, element);
        read.add(item.read(fields));
        fields.finish();
        index++;
      }
    }
    return read.build();
  }

  /** A mapping of texts; none where there is no such entry. */
  Optional<ImmutableMap<String, String>> map(String key) throws SessionException {
    Node node = left.remove(key);
    if (node == null) {
      return Optional.empty();
    }
    if (!(node instanceof Mapping mapping)) {
      throw new SessionException(node.line(), nameOf(key) + " is to be a mapping");
    }
    var values = ImmutableMap.<String, String>builder();
    for (Map.Entry<String, Node> entry : mapping.entries().entrySet()) {
      if (!(entry.getValue() instanceof Scalar scalar)) {
        throw new SessionException(
            entry.getValue().line(), "'" + entry.getKey() + "' in " + nameOf(key) + " is no text");
      }
      values.put(entry.getKey(), scalar.text());
    }
    return Optional.of(values.buildOrThrow());
  }

  /** A mapping within this one. */
  <T> Optional<T> within(String key, Item<T> item) throws SessionException {
    Node node = left.remove(key);
    if (node == null) {
      return Optional.empty();
    }
    Fields fields = of((where.equals(SessionReader.TOP) ? "" : where + ".") + key, node);
    T read = item.read(fields);
    fields.finish();
    return Optional.of(read);
  }

  /** An entry that may be of several kinds. */
  <T> Optional<T> any(String key, Any<T> reader) throws SessionException {
    @Nullable Node node = left.remove(key);
    return node == null ? Optional.empty() : Optional.of(reader.read(node));
  }

  /** Fails if there is an entry that nobody took. */
  void finish() throws SessionException {
    for (String key : left.keySet()) {
      throw new SessionException(
          lines.getOrDefault(key, line), "unknown key '" + key + "' in " + where);
    }
  }
}
