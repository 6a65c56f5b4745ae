package io.fspf.internal.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;

/**
 * A key for AES-256-GMAC (NIST SP 800-38D: GCM with no plaintext) with 96-bit nonces and 128-bit
 * tags.
 *
 * <p>Holds against everyone who lacks the key, while no nonce is used twice under it. Whoever has
 * the key easily finds other data for the same nonce and tag.
 *
 * <p>The data is never copied here. (SunJCE copies it itself, and so does not go beyond 3 GB/s.)
 *
 * <p>Thread-safe. After {@link #destroy} every operation throws {@link IllegalStateException}; one
 * that is under way may finish.
 */
public final class MacKey implements AutoCloseable, Destroyable {
  private final Engine engine;
  private final AesKey key;
  private final byte @Nullable [] fingerprint;
  private final CipherPool ciphers;

  MacKey(Engine engine, SecretBytes key) {
    this.engine = engine;
    this.key = new AesKey(key);
    this.fingerprint = engine.nonces().fingerprint(key, engine.sha256());
    this.ciphers = new CipherPool(engine.gcmProvider());
  }

  /** A fresh random nonce. */
  public byte[] nextNonce() {
    byte[] nonce = new byte[AeadKey.NONCE_LENGTH];
    engine.nonces().next(nonce, 0);
    return nonce;
  }

  /** Writes a fresh random nonce to {@code into}, from {@code offset} on. */
  public void nextNonce(byte[] into, int offset) {
    engine.nonces().next(into, offset);
  }

  /**
   * As {@link #mac(byte[], int, byte[], byte[], int, int, byte[], int)}, with an array that is the
   * nonce.
   */
  public void mac(
      byte[] nonce, byte[] prefix, byte[] data, int off, int length, byte[] out, int outOff) {
    AeadKey.checkNonce(nonce);
    mac(nonce, 0, prefix, data, off, length, out, outOff);
  }

  /**
   * Writes the 16 bytes of the tag of {@code prefix} followed by {@code length} bytes of {@code
   * data}.
   *
   * <p>The tag does not tell where the prefix ends: it must be of a fixed length, or say itself how
   * long it is.
   *
   * @param nonce holds, from {@code nonceOff} on, a nonce of {@link #nextNonce} that is used only
   *     here
   */
  public void mac(
      byte[] nonce,
      int nonceOff,
      byte[] prefix,
      byte[] data,
      int off,
      int length,
      byte[] out,
      int outOff) {
    Objects.checkFromIndexSize(nonceOff, AeadKey.NONCE_LENGTH, nonce.length);
    Objects.checkFromIndexSize(outOff, AeadKey.TAG_LENGTH, out.length);
    engine.nonces().used(fingerprint, nonce, nonceOff);
    compute(false, nonce, nonceOff, prefix, data, off, length, out, outOff);
  }

  /**
   * As {@link #verify(byte[], int, byte[], byte[], int, int, byte[], int)}, with arrays that are
   * nonce and tag.
   */
  public boolean verify(byte[] nonce, byte[] prefix, byte[] data, int off, int length, byte[] tag) {
    AeadKey.checkNonce(nonce);
    return tag.length == AeadKey.TAG_LENGTH && verify(nonce, 0, prefix, data, off, length, tag, 0);
  }

  /**
   * Whether the 16 bytes of {@code tag} from {@code tagOff} on go with key, nonce, prefix and data;
   * compared in constant time.
   *
   * <p>{@code data} must be memory that nobody else writes to meanwhile, nor before it is used.
   */
  public boolean verify(
      byte[] nonce,
      int nonceOff,
      byte[] prefix,
      byte[] data,
      int off,
      int length,
      byte[] tag,
      int tagOff) {
    Objects.checkFromIndexSize(nonceOff, AeadKey.NONCE_LENGTH, nonce.length);
    Objects.checkFromIndexSize(tagOff, AeadKey.TAG_LENGTH, tag.length);
    byte[] right = new byte[AeadKey.TAG_LENGTH];
    compute(true, nonce, nonceOff, prefix, data, off, length, right, 0);
    return MessageDigest.isEqual(
        right, Arrays.copyOfRange(tag, tagOff, tagOff + AeadKey.TAG_LENGTH));
  }

  private void compute(
      boolean again,
      byte[] nonce,
      int nonceOff,
      byte[] prefix,
      byte[] data,
      int off,
      int length,
      byte[] out,
      int outOff) {
    Objects.checkFromIndexSize(off, length, data.length);
    long start = engine.startTimer();
    try {
      CipherPool.Entry entry = ciphers.take();
      if (again && entry.wasLastSetTo(nonce, nonceOff)) {
        // A JCA cipher refuses to be set to one nonce twice on end. That is right for a new tag; to
        // verify one again is no harm.
        entry = ciphers.fresh();
      }
      entry.init(Cipher.ENCRYPT_MODE, key, nonce, nonceOff);
      Cipher cipher = entry.cipher;
      if (prefix.length > 0) {
        cipher.updateAAD(prefix);
      }
      if (length > 0) {
        cipher.updateAAD(data, off, length);
      }
      int written = cipher.doFinal(out, outOff);
      if (written != AeadKey.TAG_LENGTH) {
        throw new IllegalStateException("The cipher wrote " + written + " bytes");
      }
      ciphers.give(entry);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GMAC failed, engine " + engine, e);
    }
    engine.stopTimer(start, length);
  }

  @Override
  public void destroy() {
    ciphers.close();
    key.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return key.isDestroyed();
  }

  /** Does what {@link #destroy} does. */
  @Override
  public void close() {
    destroy();
  }

  @Override
  public String toString() {
    return "MacKey[redacted]";
  }
}
