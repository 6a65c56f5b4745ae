package io.fspf.internal.crypto;

import javax.crypto.SecretKey;

/**
 * An AES-256 key as JCA wants it, that can be wiped (a {@code SecretKeySpec} cannot). Thread-safe.
 */
final class AesKey implements SecretKey {
  private static final long serialVersionUID = 1L;

  static final int LENGTH = 32;

  private final transient SecretBytes bytes;

  AesKey(SecretBytes key) {
    if (key.length() != LENGTH) {
      throw new IllegalArgumentException("An AES-256 key has 32 bytes, not " + key.length());
    }
    this.bytes = key.copy();
  }

  @Override
  public String getAlgorithm() {
    return "AES";
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  @Override
  public byte[] getEncoded() {
    return bytes.expose(byte[]::clone);
  }

  @Override
  public void destroy() {
    bytes.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return bytes.isDestroyed();
  }

  private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
    throw new java.io.NotSerializableException("AesKey");
  }

  private void readObject(java.io.ObjectInputStream in) throws java.io.IOException {
    throw new java.io.NotSerializableException("AesKey");
  }

  @Override
  public String toString() {
    return "AesKey[redacted]";
  }
}
