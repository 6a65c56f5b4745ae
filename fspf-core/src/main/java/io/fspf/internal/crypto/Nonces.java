package io.fspf.internal.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Draws nonces, always at random and never from a counter, and tells the observer which are used.
 * Thread-safe.
 */
final class Nonces {
  private static final byte[] FINGERPRINT_LABEL =
      "fspf/v1/key-fingerprint".getBytes(StandardCharsets.US_ASCII);

  private final RandomSource random;
  private final NonceObserver observer;

  Nonces(RandomSource random, NonceObserver observer) {
    this.random = random;
    this.observer = observer;
  }

  Nonces withRandom(RandomSource other) {
    return new Nonces(other, observer);
  }

  Nonces withObserver(NonceObserver other) {
    return new Nonces(random, other);
  }

  void next(byte[] into, int offset) {
    random.fill(into, offset, AeadKey.NONCE_LENGTH);
  }

  /** What names {@code key} to the observer; null where nobody observes. */
  byte @Nullable [] fingerprint(SecretBytes key, Sha256 sha256) {
    if (observer == NonceObserver.NONE) {
      return null;
    }
    MessageDigest digest = sha256.newDigest();
    digest.update(FINGERPRINT_LABEL);
    return key.expose(bytes -> Arrays.copyOf(digest.digest(bytes), 16));
  }

  void used(byte @Nullable [] fingerprint, byte[] nonce, int offset) {
    if (fingerprint != null) {
      observer.used(
          fingerprint.clone(), Arrays.copyOfRange(nonce, offset, offset + AeadKey.NONCE_LENGTH));
    }
  }
}
