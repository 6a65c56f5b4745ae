package io.fspf.internal.crypto;

import java.security.SecureRandom;

/** Holds the platform's generator, made when it is first asked for. */
final class SystemRandom {
  static final SecureRandom INSTANCE = new SecureRandom();

  private SystemRandom() {}
}
