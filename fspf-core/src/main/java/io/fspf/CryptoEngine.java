package io.fspf;

import com.google.common.collect.ImmutableList;
import io.fspf.internal.crypto.Engine;
import io.fspf.internal.crypto.EngineMeter;
import io.fspf.internal.crypto.Engines;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Names an implementation of AES-256-GCM, GMAC and SHA-256 on this machine. All of them agree bit
 * for bit; which one is used is a matter of speed.
 *
 * @param name {@code accp}, {@code sunjce} or {@code bc}
 * @param version the implementation's
 */
public record CryptoEngine(String name, String version) {
  /**
   * The one that this process uses.
   *
   * @throws IllegalStateException if none works here, or not the one that the system property
   *     {@code fspf.engine} names
   */
  public static CryptoEngine preferred() {
    return of(Engines.preferred());
  }

  /** All that work here, the fastest first. */
  public static List<CryptoEngine> available() {
    return Engines.available().stream()
        .map(CryptoEngine::of)
        .collect(ImmutableList.toImmutableList());
  }

  /** The names of those that do not work here, and why. */
  public static Map<String, String> unavailable() {
    return Engines.unavailable();
  }

  /**
   * Measures the one that this process uses, on this thread.
   *
   * @param time how long it may take; a short one tells less, since the first half of it warms up
   */
  public static EngineSpeed measure(Duration time) {
    return EngineMeter.measure(Engines.preferred(), time);
  }

  private static CryptoEngine of(Engine engine) {
    return new CryptoEngine(engine.name(), engine.version());
  }

  /** Name and version. */
  @Override
  public String toString() {
    return name + " " + version;
  }
}
