package io.fspf.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;

/**
 * One fact about the machine.
 *
 * @param name its name in JSON
 * @param value its value in JSON
 * @param text the same for people
 */
record Finding(String name, JsonElement value, String text) {
  static Finding of(String name, String value) {
    return new Finding(name, new JsonPrimitive(value), value);
  }

  static Finding of(String name, boolean value) {
    return new Finding(name, new JsonPrimitive(value), value ? "yes" : "no");
  }

  static Finding ofBytes(String name, long bytes) {
    return new Finding(name, new JsonPrimitive(bytes), Bytes.text(bytes));
  }
}
