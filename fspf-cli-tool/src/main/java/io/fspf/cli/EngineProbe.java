package io.fspf.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.fspf.CryptoEngine;
import io.fspf.EngineSpeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds out which implementations of cryptography work on this machine, and how fast. */
final class EngineProbe {
  /** So long does the measurement take. */
  private static final Duration TIME = Duration.ofSeconds(2);

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
    EngineSpeed speed = CryptoEngine.measure(TIME);
    return List.of(
        Finding.of("engine", CryptoEngine.preferred().toString()),
        rate("sealGBPerSecond", speed.seal()),
        rate("openGBPerSecond", speed.open()),
        rate("gmacGBPerSecond", speed.gmac()),
        rate("sha256GBPerSecond", speed.sha256()),
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

  /** Of one thread. */
  private static Finding rate(String name, double gigabytesPerSecond) {
    double rounded = Math.round(gigabytesPerSecond * 100) / 100.0;
    return new Finding(name, new JsonPrimitive(rounded), Double.toString(rounded));
  }
}
