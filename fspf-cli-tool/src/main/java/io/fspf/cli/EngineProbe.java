package io.fspf.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.fspf.CryptoEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds out which implementations of cryptography work on this machine. */
final class EngineProbe {
  private EngineProbe() {}

  /** The facts, in the order in which they are shown. */
  static List<Finding> examine() {
    var available = new JsonArray();
    CryptoEngine.available().forEach(engine -> available.add(engine.toString()));
    Map<String, String> reasons = CryptoEngine.unavailable();
    var unavailable = new JsonObject();
    reasons.forEach(unavailable::addProperty);
    var lines = new ArrayList<String>();
    reasons.forEach((name, reason) -> lines.add(name + ": " + reason));
    return List.of(
        Finding.of("engine", CryptoEngine.preferred().toString()),
        new Finding(
            "enginesAvailable",
            available,
            String.join(
                ", ", CryptoEngine.available().stream().map(CryptoEngine::toString).toList())),
        new Finding(
            "enginesUnavailable",
            unavailable,
            lines.isEmpty() ? "none" : String.join(", ", lines)));
  }
}
