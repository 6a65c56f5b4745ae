package io.fspf.cas.service;

import com.google.common.hash.HashCode;
import io.fspf.cas.decision.ConfigId;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.wire.ReportData;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The nonces that wait for evidence. Each is good once, for a minute, for one config id. They are
 * kept in memory only: after a restart one asks again. Thread-safe.
 */
final class Challenges {
  private static final Duration LIFETIME = Duration.ofMinutes(1);
  private static final int MAX = 10_000;

  private final SecureRandom random = new SecureRandom();
  private final Clock clock;
  private final Map<HashCode, Challenge> open = new LinkedHashMap<>();

  private record Challenge(ConfigId configId, Instant end) {}

  Challenges(Clock clock) {
    this.clock = clock;
  }

  synchronized byte[] create(ConfigId configId) {
    byte[] nonce = new byte[ReportData.NONCE_LENGTH];
    random.nextBytes(nonce);
    open.values().removeIf(challenge -> !challenge.end().isAfter(clock.instant()));
    if (open.size() >= MAX) {
      // Whoever floods the service with questions pushes out the oldest ones first.
      var oldest = open.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    open.put(HashCode.fromBytes(nonce), new Challenge(configId, clock.instant().plus(LIFETIME)));
    return nonce;
  }

  synchronized void use(byte[] nonce, ConfigId configId) throws RefusedException {
    Challenge challenge =
        nonce.length == ReportData.NONCE_LENGTH ? open.remove(HashCode.fromBytes(nonce)) : null;
    if (challenge == null || !challenge.end().isAfter(clock.instant())) {
      throw new RefusedException(
          Reason.CHALLENGE,
          "The evidence answers no open challenge: it was used before, or took too long");
    }
    if (!challenge.configId().equals(configId)) {
      throw new RefusedException(
          Reason.CHALLENGE, "The challenge was for another service than " + configId);
    }
  }
}
