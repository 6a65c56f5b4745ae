package io.fspf.internal.crypto;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** SHA-256 (FIPS 180-4). Thread-safe; keeps idle digesters for the next call. */
public final class Sha256 {
  /** The length of a digest in bytes. */
  public static final int LENGTH = 32;

  private static final byte[] EMPTY = {};
  private static final int MAX_IDLE = 2 * Runtime.getRuntime().availableProcessors();

  private final Provider provider;
  private final ArrayDeque<MessageDigest> idle = new ArrayDeque<>();

  Sha256(Provider provider) {
    this.provider = provider;
  }

  /** A digester for data that comes in pieces. It belongs to the caller. */
  public MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256", provider);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("No SHA-256 in " + provider.getName(), e);
    }
  }

  /** The digest of all of the data. */
  public byte[] digest(byte[] data) {
    return digest(data, 0, data.length);
  }

  /** The digest of {@code length} bytes. */
  public byte[] digest(byte[] data, int off, int length) {
    byte[] out = new byte[LENGTH];
    digest(EMPTY, data, off, length, out, 0);
    return out;
  }

  /**
   * Writes the 32 bytes of the digest of {@code prefix} followed by {@code length} bytes of {@code
   * data}.
   */
  public void digest(byte[] prefix, byte[] data, int off, int length, byte[] out, int outOff) {
    Objects.checkFromIndexSize(off, length, data.length);
    Objects.checkFromIndexSize(outOff, LENGTH, out.length);
    MessageDigest digest = take();
    digest.update(prefix);
    digest.update(data, off, length);
    try {
      digest.digest(out, outOff, LENGTH);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 failed in " + provider.getName(), e);
    }
    give(digest);
  }

  /**
   * Whether the 32 bytes from {@code expectedOff} on are the digest of {@code prefix} and {@code
   * data}; constant time.
   */
  public boolean matches(
      byte[] expected, int expectedOff, byte[] prefix, byte[] data, int off, int length) {
    Objects.checkFromIndexSize(expectedOff, LENGTH, expected.length);
    byte[] right = new byte[LENGTH];
    digest(prefix, data, off, length, right, 0);
    return MessageDigest.isEqual(
        right, Arrays.copyOfRange(expected, expectedOff, expectedOff + LENGTH));
  }

  /**
   * Whether {@code expected} is the digest of {@code length} bytes of {@code data}; compared in
   * constant time.
   */
  public boolean matches(byte[] expected, byte[] data, int off, int length) {
    return expected.length == LENGTH && matches(expected, 0, EMPTY, data, off, length);
  }

  /**
   * Whether two digests, or other values that are no secrets in themselves, are equal; in constant
   * time for equal lengths.
   */
  public static boolean equal(byte[] a, byte[] b) {
    return MessageDigest.isEqual(a, b);
  }

  private MessageDigest take() {
    @Nullable MessageDigest digest;
    synchronized (idle) {
      digest = idle.pollLast();
    }
    return digest != null ? digest : newDigest();
  }

  private void give(MessageDigest digest) {
    synchronized (idle) {
      if (idle.size() < MAX_IDLE) {
        idle.addLast(digest);
      }
    }
  }
}
