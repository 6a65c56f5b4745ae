package io.fspf.internal.crypto;

/** One AES-256-GCM key for one purpose. Thread-safe. */
public interface AeadKey {
  /** Twelve random bytes, never given twice. */
  byte[] nextNonce();

  /** Seals {@code len} bytes into {@code len + 16}: the ciphertext, then the tag. */
  void seal(byte[] nonce, byte[] aad, byte[] src, int srcOff, int len, byte[] dst, int dstOff);

  /**
   * Opens {@code lenWithTag} bytes into 16 fewer; false, and nothing of use, if they are not
   * genuine.
   */
  boolean open(
      byte[] nonce, byte[] aad, byte[] src, int srcOff, int lenWithTag, byte[] dst, int dstOff);
}
