package io.fspf.internal.crypto;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Where keys, ids and nonces come from. Thread-safe.
 *
 * <p>Only tests put something else than {@link #system} in its place.
 */
@FunctionalInterface
public interface RandomSource {
  /** Fills {@code length} bytes from {@code offset} on. */
  void fill(byte[] into, int offset, int length);

  /** As many random bytes. */
  default byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    fill(bytes, 0, length);
    return bytes;
  }

  /** A random secret of as many bytes. */
  default SecretBytes secret(int length) {
    return SecretBytes.moveFrom(bytes(length));
  }

  /**
   * The platform's {@link SecureRandom}: on Linux {@code NativePRNG}, which draws on the kernel's
   * generator and holds nothing of it for longer than 100 ms.
   */
  static RandomSource system() {
    return of(SystemRandom.INSTANCE);
  }

  /** The generator {@code random}, which must be thread-safe as {@link SecureRandom} itself is. */
  static RandomSource of(SecureRandom random) {
    return (into, offset, length) -> {
      if (offset == 0 && length == into.length) {
        random.nextBytes(into);
      } else {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, into, offset, length);
        Arrays.fill(bytes, (byte) 0);
      }
    };
  }
}
