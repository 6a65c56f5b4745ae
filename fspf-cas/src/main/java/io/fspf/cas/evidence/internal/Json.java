package io.fspf.cas.evidence.internal;

import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.fspf.cas.evidence.EvidenceException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;

/**
 * A value of JSON (RFC 8259), read strictly: UTF-8, bounded in size and depth, no name twice in an
 * object, nothing after the value. Each getter names the place that is not as it should be.
 */
public final class Json {
  private static final int MAX_SIZE = 1 << 20;
  private static final int MAX_DEPTH = 16;

  private final String place;
  private final JsonElement value;

  private Json(String place, JsonElement value) {
    this.place = place;
    this.value = value;
  }

  /** The value that a text is. */
  public static Json read(String what, byte[] text) throws EvidenceException {
    if (text.length > MAX_SIZE) {
      throw new EvidenceException(what + " is longer than " + MAX_SIZE + " bytes");
    }
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      return new Json(what, parse(decoded));
    } catch (CharacterCodingException e) {
      throw new EvidenceException(what + " is not in UTF-8", e);
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw new EvidenceException(what + " is not JSON as it should be: " + e.getMessage(), e);
    }
  }

  private static JsonElement parse(String text) throws IOException {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      JsonElement value = value(reader, 0);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new IOException("more than one value");
      }
      return value;
    }
  }

  private static JsonElement value(JsonReader reader, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("nested more than " + MAX_DEPTH + " deep");
    }
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> object(reader, depth);
      case BEGIN_ARRAY -> array(reader, depth);
      case STRING -> new JsonPrimitive(reader.nextString());
      // Only whole numbers stand in what is read here.
      case NUMBER -> new JsonPrimitive(reader.nextLong());
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      case NULL -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
      default -> throw new IOException("unexpected " + reader.peek());
    };
  }

  private static JsonArray array(JsonReader reader, int depth) throws IOException {
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(value(reader, depth + 1));
    }
    reader.endArray();
    return array;
  }

  private static JsonObject object(JsonReader reader, int depth) throws IOException {
    JsonObject object = new JsonObject();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (object.has(name)) {
        throw new IOException("\"" + name + "\" twice in an object");
      }
      object.add(name, value(reader, depth + 1));
    }
    reader.endObject();
    return object;
  }

  /** Whether this object has a value of that name. */
  public boolean has(String name) throws EvidenceException {
    return asObject().has(name);
  }

  /** The value of that name in this object. */
  public Json get(String name) throws EvidenceException {
    JsonElement found = asObject().get(name);
    if (found == null) {
      throw new EvidenceException(place + " has no \"" + name + "\"");
    }
    return new Json(place + "." + name, found);
  }

  /** The values of this array. */
  public ImmutableList<Json> list() throws EvidenceException {
    if (!(value instanceof JsonArray array)) {
      throw new EvidenceException(place + " is not an array");
    }
    ImmutableList.Builder<Json> values = ImmutableList.builder();
    int n = 0;
    for (JsonElement element : array) {
      values.add(new Json(place + "[" + n++ + "]", element));
    }
    return values.build();
  }

  /** The text of that name in this object. */
  public String text(String name) throws EvidenceException {
    return get(name).text();
  }

  /** This text. */
  public String text() throws EvidenceException {
    if (!(value instanceof JsonPrimitive primitive) || !primitive.isString()) {
      throw new EvidenceException(place + " is not a text");
    }
    return primitive.getAsString();
  }

  /** The whole number of that name in this object. */
  public int number(String name, int max) throws EvidenceException {
    Json found = get(name);
    if (!(found.value instanceof JsonPrimitive primitive) || !primitive.isNumber()) {
      throw new EvidenceException(found.place + " is not a number");
    }
    long number = primitive.getAsLong();
    if (number < 0 || number > max) {
      throw new EvidenceException(found.place + " is not between 0 and " + max);
    }
    return (int) number;
  }

  /** The bytes of that name in this object, written in hex. */
  public byte[] hex(String name) throws EvidenceException {
    Json found = get(name);
    try {
      return BaseEncoding.base16().decode(found.text().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new EvidenceException(found.place + " is not in hex", e);
    }
  }

  /** The bytes of that name in this object, which has to be so many. */
  public byte[] hex(String name, int length) throws EvidenceException {
    byte[] bytes = hex(name);
    if (bytes.length != length) {
      throw new EvidenceException(place + "." + name + " does not have " + length + " bytes");
    }
    return bytes;
  }

  /** The instant of that name in this object, as ISO 8601 writes it. */
  public Instant instant(String name) throws EvidenceException {
    Json found = get(name);
    try {
      return Instant.parse(found.text());
    } catch (DateTimeException e) {
      throw new EvidenceException(found.place + " is not an instant", e);
    }
  }

  private JsonObject asObject() throws EvidenceException {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new EvidenceException(place + " is not an object");
  }

  /** The place in the text. */
  @Override
  public String toString() {
    return place;
  }
}
