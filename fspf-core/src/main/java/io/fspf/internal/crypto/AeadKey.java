package io.fspf.internal.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;

/**
 * A key for AES-256-GCM (NIST SP 800-38D) with 96-bit nonces and 128-bit tags.
 *
 * <p>Guarantees confidentiality and integrity while no nonce is used twice under the key: nonces
 * come from {@link #nextNonce}, and no more than 2^32 (better far fewer) are drawn under one key.
 * It does not commit to the key, nor, against somebody who has the key, to the plaintext: two keys,
 * or two plaintexts, that go with one tag are easy to find.
 *
 * <p>Thread-safe. After {@link #destroy} every operation throws {@link IllegalStateException}; one
 * that is under way may finish.
 */
public final class AeadKey implements AutoCloseable, Destroyable {
  /** The length of a nonce in bytes. */
  public static final int NONCE_LENGTH = 12;

  /** The length of a tag in bytes. */
  public static final int TAG_LENGTH = 16;

  /** The length of a key in bytes. */
  public static final int KEY_LENGTH = AesKey.LENGTH;

  private final Engine engine;
  private final AesKey key;
  private final byte @Nullable [] fingerprint;
  private final CipherPool sealers;
  private final CipherPool openers;

  AeadKey(Engine engine, SecretBytes key) {
    this.engine = engine;
    this.key = new AesKey(key);
    this.fingerprint = engine.nonces().fingerprint(key, engine.sha256());
    this.sealers = new CipherPool(engine.gcmProvider());
    this.openers = new CipherPool(engine.gcmProvider());
  }

  /** A fresh random nonce. */
  public byte[] nextNonce() {
    byte[] nonce = new byte[NONCE_LENGTH];
    engine.nonces().next(nonce, 0);
    return nonce;
  }

  /** Writes a fresh random nonce to {@code into}, from {@code offset} on. */
  public void nextNonce(byte[] into, int offset) {
    engine.nonces().next(into, offset);
  }

  /**
   * As {@link #seal(byte[], int, byte[], byte[], int, int, byte[], int)}, with an array that is the
   * nonce.
   */
  public void seal(
      byte[] nonce, byte[] aad, byte[] src, int srcOff, int length, byte[] dst, int dstOff) {
    checkNonce(nonce);
    seal(nonce, 0, aad, src, srcOff, length, dst, dstOff);
  }

  /**
   * Encrypts {@code length} bytes and writes as many bytes of ciphertext, and then the tag.
   *
   * @param nonce holds, from {@code nonceOff} on, a nonce of {@link #nextNonce} that is used only
   *     here
   * @param aad additional data that the tag binds, possibly empty
   * @param dst takes {@code length + 16} bytes from {@code dstOff} on; may be {@code src} if it
   *     does not overlap or if both offsets are equal
   */
  public void seal(
      byte[] nonce,
      int nonceOff,
      byte[] aad,
      byte[] src,
      int srcOff,
      int length,
      byte[] dst,
      int dstOff) {
    Objects.checkFromIndexSize(nonceOff, NONCE_LENGTH, nonce.length);
    Objects.checkFromIndexSize(srcOff, length, src.length);
    int lengthWithTag = Math.addExact(length, TAG_LENGTH);
    Objects.checkFromIndexSize(dstOff, lengthWithTag, dst.length);
    checkOverlap(src, srcOff, length, dst, dstOff, lengthWithTag);
    long start = engine.startTimer();
    try {
      CipherPool.Entry entry = sealers.take();
      entry.init(Cipher.ENCRYPT_MODE, key, nonce, nonceOff);
      engine.nonces().used(fingerprint, nonce, nonceOff);
      Cipher cipher = entry.cipher;
      updateAad(cipher, aad);
      int piece = engine.sealPiece();
      int done = 0;
      int written = 0;
      while (length - done > piece) {
        written += cipher.update(src, srcOff + done, piece, dst, dstOff + written);
        done += piece;
      }
      written += cipher.doFinal(src, srcOff + done, length - done, dst, dstOff + written);
      if (written != lengthWithTag) {
        throw new IllegalStateException("The cipher wrote " + written + " bytes");
      }
      sealers.give(entry);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to seal, engine " + engine, e);
    }
    engine.stopTimer(start, length);
  }

  /**
   * As {@link #open(byte[], int, byte[], byte[], int, int, byte[], int)}, with an array that is the
   * nonce.
   */
  public boolean open(
      byte[] nonce, byte[] aad, byte[] src, int srcOff, int lengthWithTag, byte[] dst, int dstOff) {
    checkNonce(nonce);
    return open(nonce, 0, aad, src, srcOff, lengthWithTag, dst, dstOff);
  }

  /**
   * Verifies and decrypts.
   *
   * <p>{@code src} must be memory that nobody else writes to meanwhile.
   *
   * @param nonce holds the nonce from {@code nonceOff} on
   * @param lengthWithTag how many bytes of ciphertext and, after it, tag there are from {@code
   *     srcOff} on
   * @param dst takes {@code lengthWithTag - 16} bytes from {@code dstOff} on; may be {@code src} if
   *     it does not overlap or if both offsets are equal
   * @return true and the plaintext, or false and zeros in its place if the tag does not go with
   *     key, nonce, additional data and ciphertext, or if there are fewer than 16 bytes (then
   *     nothing is written)
   */
  public boolean open(
      byte[] nonce,
      int nonceOff,
      byte[] aad,
      byte[] src,
      int srcOff,
      int lengthWithTag,
      byte[] dst,
      int dstOff) {
    Objects.checkFromIndexSize(nonceOff, NONCE_LENGTH, nonce.length);
    Objects.checkFromIndexSize(srcOff, lengthWithTag, src.length);
    if (lengthWithTag < TAG_LENGTH) {
      return false;
    }
    int length = lengthWithTag - TAG_LENGTH;
    Objects.checkFromIndexSize(dstOff, length, dst.length);
    checkOverlap(src, srcOff, lengthWithTag, dst, dstOff, length);
    long start = engine.startTimer();
    boolean verified = false;
    try {
      CipherPool.Entry entry = openers.take();
      entry.init(Cipher.DECRYPT_MODE, key, nonce, nonceOff);
      Cipher cipher = entry.cipher;
      updateAad(cipher, aad);
      int written = cipher.doFinal(src, srcOff, lengthWithTag, dst, dstOff);
      if (written != length) {
        throw new IllegalStateException("The cipher wrote " + written + " bytes");
      }
      verified = true;
      openers.give(entry);
    } catch (BadPaddingException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to open, engine " + engine, e);
    } finally {
      if (!verified) {
        Arrays.fill(dst, dstOff, dstOff + length, (byte) 0);
      }
    }
    engine.stopTimer(start, length);
    return true;
  }

  private static void updateAad(Cipher cipher, byte[] aad) {
    if (aad.length > 0) {
      cipher.updateAAD(aad);
    }
  }

  static void checkNonce(byte[] nonce) {
    if (nonce.length != NONCE_LENGTH) {
      throw new IllegalArgumentException("A nonce has 12 bytes, not " + nonce.length);
    }
  }

  private static void checkOverlap(
      byte[] src, int srcOff, int srcLength, byte[] dst, int dstOff, int dstLength) {
    if (src == dst
        && srcOff != dstOff
        && srcOff < dstOff + dstLength
        && dstOff < srcOff + srcLength) {
      throw new IllegalArgumentException("Source and destination overlap");
    }
  }

  @Override
  public void destroy() {
    sealers.close();
    openers.close();
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
    return "AeadKey[redacted]";
  }
}
