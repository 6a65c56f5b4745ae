package io.fspf.internal.crypto;

import io.fspf.EngineSpeed;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measures an engine, with keys of its own that nothing else uses. */
public final class EngineMeter {
  private static final int CHUNK = 64 << 10;
  private static final int OPERATIONS = 4;

  /** The first part of the time is for the compiler. */
  private static final int WARM_UP_PART = 2;

  private static final byte[] NO_AAD = {};

  private final Engine engine;
  private final long nanosEach;
  private final byte[] plain = new byte[CHUNK];
  private final byte[] sealed = new byte[CHUNK + AeadKey.TAG_LENGTH];

  private EngineMeter(Engine engine, long nanosEach) {
    this.engine = engine;
    this.nanosEach = nanosEach;
  }

  /**
   * Measures each operation for a quarter of the time. What it gives is the median over chunks, so
   * that a pause does not count.
   */
  public static EngineSpeed measure(Engine engine, Duration time) {
    return new EngineMeter(engine, time.toNanos() / OPERATIONS).run();
  }

  private EngineSpeed run() {
    try (SecretBytes aeadSecret = secret();
        AeadKey aead = engine.aead(aeadSecret);
        SecretBytes macSecret = secret();
        MacKey mac = engine.gmac(macSecret)) {
      byte[] nonce = aead.nextNonce();
      byte[] tag = new byte[AeadKey.TAG_LENGTH];
      double seal =
          rate(
              () -> {
                aead.nextNonce(nonce, 0);
                aead.seal(nonce, NO_AAD, plain, 0, CHUNK, sealed, 0);
              });
      double open = rate(() -> aead.open(nonce, NO_AAD, sealed, 0, sealed.length, plain, 0));
      double gmac =
          rate(
              () -> {
                mac.nextNonce(nonce, 0);
                mac.mac(nonce, NO_AAD, plain, 0, CHUNK, tag, 0);
              });
      double sha256 = rate(() -> engine.sha256().digest(plain));
      return new EngineSpeed(seal, open, gmac, sha256);
    }
  }

  private static SecretBytes secret() {
    byte[] key = new byte[AeadKey.KEY_LENGTH];
    new SecureRandom().nextBytes(key);
    return SecretBytes.moveFrom(key);
  }

  private double rate(Runnable chunk) {
    List<Long> nanos = new ArrayList<>();
    long start = System.nanoTime();
    for (long now = start; now - start < nanosEach || nanos.isEmpty(); ) {
      long before = now;
      chunk.run();
      now = System.nanoTime();
      if (now - start > nanosEach / WARM_UP_PART) {
        nanos.add(now - before);
      }
    }
    Collections.sort(nanos);
    return CHUNK / (double) nanos.get(nanos.size() / 2);
  }
}
