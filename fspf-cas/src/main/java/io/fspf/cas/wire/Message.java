package io.fspf.cas.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON object whose members are looked at one by one, with an error that names the member where
 * it is missing or of another kind. Bytes are in base64. Not thread-safe.
 */
public final class Message {
  private final JsonObject members;

  private Message(JsonObject members) {
    this.members = members;
  }

  /** An empty one. */
  public static Message empty() {
    return new Message(new JsonObject());
  }

  /**
   * Reads one.
   *
   * @throws RefusedException if it is no JSON object
   */
  public static Message read(byte[] bytes) throws RefusedException {
    try {
      JsonElement element = JsonParser.parseString(new String(bytes, UTF_8));
      if (element.isJsonObject()) {
        return new Message(element.getAsJsonObject());
      }
    } catch (JsonParseException | StackOverflowError e) {
      // Said below, without the text.
    }
    throw new RefusedException(Reason.REQUEST, "The message is no JSON object");
  }

  /** As UTF-8. */
  public byte[] toBytes() {
    return toString().getBytes(UTF_8);
  }

  /** The JSON text, secrets and all. */
  @Override
  public String toString() {
    return members.toString();
  }

  /** With a text. */
  public Message with(String name, String value) {
    members.addProperty(name, value);
    return this;
  }

  /** With a text, if there is one. */
  public Message with(String name, Optional<?> value) {
    value.ifPresent(v -> members.addProperty(name, v.toString()));
    return this;
  }

  /** With a number. */
  public Message with(String name, long value) {
    members.addProperty(name, value);
    return this;
  }

  /** With a truth. */
  public Message with(String name, boolean value) {
    members.addProperty(name, value);
    return this;
  }

  /** With bytes. */
  public Message with(String name, byte[] value) {
    return with(name, Base64.getEncoder().encodeToString(value));
  }

  /** With texts by their names. */
  public Message with(String name, Map<String, ?> values) {
    var object = new JsonObject();
    values.forEach((key, value) -> object.addProperty(key, String.valueOf(value)));
    members.add(name, object);
    return this;
  }

  /** With objects. */
  public Message with(String name, List<Message> values) {
    var array = new JsonArray();
    values.forEach(value -> array.add(value.members));
    members.add(name, array);
    return this;
  }

  /** With texts. */
  public Message withTexts(String name, Iterable<?> values) {
    var array = new JsonArray();
    values.forEach(value -> array.add(String.valueOf(value)));
    members.add(name, array);
    return this;
  }

  private static RefusedException wrong(String name) {
    return new RefusedException(Reason.REQUEST, "The message has no proper '" + name + "'");
  }

  /** A text, if there is one. */
  public Optional<String> maybe(String name) throws RefusedException {
    JsonElement value = members.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof JsonPrimitive text && text.isString()) {
      return Optional.of(text.getAsString());
    }
    throw wrong(name);
  }

  /** A text. */
  public String text(String name) throws RefusedException {
    return maybe(name).orElseThrow(() -> wrong(name));
  }

  /** A number, 0 or more. */
  public long number(String name) throws RefusedException {
    JsonElement value = members.get(name);
    try {
      if (value instanceof JsonPrimitive number && number.isNumber() && number.getAsLong() >= 0) {
        return number.getAsLong();
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong(name);
  }

  /** A truth. */
  public boolean flag(String name) throws RefusedException {
    if (members.get(name) instanceof JsonPrimitive flag && flag.isBoolean()) {
      return flag.getAsBoolean();
    }
    throw wrong(name);
  }

  /** Bytes. */
  public byte[] bytes(String name) throws RefusedException {
    try {
      return Base64.getDecoder().decode(text(name));
    } catch (IllegalArgumentException e) {
      throw wrong(name);
    }
  }

  /** Turns a text into what it stands for, or throws {@link IllegalArgumentException}. */
  @FunctionalInterface
  public interface Parser<T> {
    /** What the text stands for. */
    T parse(String text);
  }

  /** What a text stands for. */
  public <T> T value(String name, Parser<T> parser) throws RefusedException {
    return maybe(name, parser).orElseThrow(() -> wrong(name));
  }

  /** The same, if there is one. */
  public <T> Optional<T> maybe(String name, Parser<T> parser) throws RefusedException {
    Optional<String> text = maybe(name);
    try {
      return text.map(parser::parse);
    } catch (IllegalArgumentException e) {
      throw wrong(name);
    }
  }

  /** Texts by their names. */
  public Map<String, String> texts(String name) throws RefusedException {
    if (!(members.get(name) instanceof JsonObject object)) {
      throw wrong(name);
    }
    var inner = new Message(object);
    var texts = new LinkedHashMap<String, String>();
    for (String key : object.keySet()) {
      texts.put(key, inner.text(key));
    }
    return texts;
  }

  /** Texts in a list. */
  public List<String> list(String name) throws RefusedException {
    List<String> texts = new ArrayList<>();
    for (JsonElement element : array(name)) {
      if (!(element instanceof JsonPrimitive text && text.isString())) {
        throw wrong(name);
      }
      texts.add(element.getAsString());
    }
    return texts;
  }

  /** Objects. */
  public List<Message> messages(String name) throws RefusedException {
    List<Message> messages = new ArrayList<>();
    for (JsonElement element : array(name)) {
      if (!(element instanceof JsonObject object)) {
        throw wrong(name);
      }
      messages.add(new Message(object));
    }
    return messages;
  }

  private JsonArray array(String name) throws RefusedException {
    if (members.get(name) instanceof JsonArray array) {
      return array;
    }
    throw wrong(name);
  }
}
