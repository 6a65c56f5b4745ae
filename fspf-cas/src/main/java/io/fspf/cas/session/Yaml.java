package io.fspf.cas.session;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the plain part of YAML: mappings, sequences and scalars, and every scalar is a string, so
 * that hex never becomes a number and {@code no} never becomes false. Anchors, aliases and tags are
 * refused: what a document says is to be seen where it says it.
 */
final class Yaml {
  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 16;

  private Yaml() {}

  /** A part of a document. */
  sealed interface Node {
    /** Where it begins, counted from 1. */
    int line();
  }

  /** A string. */
  record Scalar(String text, int line) implements Node {
    /** Without the text, which may be a secret. */
    @Override
    public String toString() {
      return "Scalar in line " + line;
    }
  }

  /** A list. */
  record Sequence(List<Node> items, int line) implements Node {}

  /** A mapping, in the document's order, and in which lines its keys stand. */
  record Mapping(Map<String, Node> entries, Map<String, Integer> lines, int line) implements Node {}

  /**
   * Reads one document.
   *
   * @throws SessionException if it is no such document
   */
  static Node read(String text) throws SessionException {
    if (text.length() > MAX_CHARACTERS) {
      throw new SessionException(0, "A session has at most " + MAX_CHARACTERS + " characters");
    }
    LoadSettings settings =
        LoadSettings.builder().setLabel("session").setCodePointLimit(MAX_CHARACTERS).build();
    try {
      return new Reader(new Parse(settings).parseString(text).iterator()).document();
    } catch (MarkedYamlEngineException e) {
      // The library's own message shows the text around.
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw new SessionException(line, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new SessionException(0, "not YAML");
    }
  }

  private static final class Reader {
    private final Iterator<Event> events;

    Reader(Iterator<Event> events) {
      this.events = events;
    }

    Node document() throws SessionException {
      next(Event.ID.StreamStart);
      Event start = events.next();
      if (start.getEventId() == Event.ID.StreamEnd) {
        throw new SessionException(0, "the document is empty");
      }
      Node root = node(events.next(), 0);
      next(Event.ID.DocumentEnd);
      Event end = events.next();
      if (end.getEventId() != Event.ID.StreamEnd) {
        throw new SessionException(line(end), "a second document");
      }
      return root;
    }

    private void next(Event.ID expected) throws SessionException {
      Event event = events.next();
      if (event.getEventId() != expected) {
        throw new SessionException(line(event), "not YAML");
      }
    }

    private static int line(Event event) {
      return event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    private Node node(Event event, int depth) throws SessionException {
      int line = line(event);
      if (depth > MAX_DEPTH) {
        throw new SessionException(line, "nested deeper than " + MAX_DEPTH);
      }
      if (event.getEventId() == Event.ID.Alias) {
        throw new SessionException(line, "aliases are not allowed");
      }
      if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
        throw new SessionException(line, "anchors are not allowed");
      }
      if (event instanceof ScalarEvent scalar) {
        refuseTag(scalar.getTag().isPresent(), line);
        return new Scalar(scalar.getValue(), line);
      }
      if (event instanceof CollectionStartEvent start) {
        refuseTag(start.getTag().isPresent(), line);
      }
      return event.getEventId() == Event.ID.SequenceStart
          ? sequence(line, depth)
          : mapping(line, depth);
    }

    private static void refuseTag(boolean tagged, int line) throws SessionException {
      if (tagged) {
        throw new SessionException(line, "tags are not allowed");
      }
    }

    private Sequence sequence(int line, int depth) throws SessionException {
      List<Node> items = new ArrayList<>();
      for (Event event = events.next();
          event.getEventId() != Event.ID.SequenceEnd;
          event = events.next()) {
        items.add(node(event, depth + 1));
      }
      return new Sequence(items, line);
    }

    private Mapping mapping(int line, int depth) throws SessionException {
      Map<String, Node> entries = new LinkedHashMap<>();
      Map<String, Integer> lines = new LinkedHashMap<>();
      for (Event event = events.next();
          event.getEventId() != Event.ID.MappingEnd;
          event = events.next()) {
        if (!(node(event, depth + 1) instanceof Scalar key)) {
          throw new SessionException(line(event), "a key is a plain word");
        }
        if (entries.put(key.text(), node(events.next(), depth + 1)) != null) {
          throw new SessionException(key.line(), "'" + key.text() + "' stands here twice");
        }
        lines.put(key.text(), key.line());
      }
      return new Mapping(entries, lines, line);
    }
  }
}
