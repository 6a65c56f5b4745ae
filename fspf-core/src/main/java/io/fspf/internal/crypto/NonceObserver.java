package io.fspf.internal.crypto;

/**
 * Is told of every nonce at the moment something is sealed, or a MAC is made, with it; so a test
 * finds out whether a pair of key and nonce ever comes twice. Called by many threads at once.
 */
@FunctionalInterface
public interface NonceObserver {
  /** Observes nothing. */
  NonceObserver NONE = (keyFingerprint, nonce) -> {};

  /**
   * A nonce is about to be used.
   *
   * @param keyFingerprint 16 bytes that name the key: a digest of it
   * @param nonce its 12 bytes, a copy
   */
  void used(byte[] keyFingerprint, byte[] nonce);
}
