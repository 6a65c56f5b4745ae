package io.fspf;

import io.fspf.internal.crypto.RandomSource;
import io.fspf.internal.crypto.SecretBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;

/**
 * The volume key: 32 bytes that open a sealed volume, 64 hex digits in text.
 *
 * <p>It is never printed: {@link #toString} is redacted, and the key comes out only through the
 * methods that begin with {@code export} and {@link #writeHex}. Whoever closes it wipes it from
 * memory, as far as a JVM can.
 *
 * <p>Thread-safe. After {@link #destroy} the methods that need the key throw {@link
 * IllegalStateException}.
 */
public final class VolumeKey implements AutoCloseable, Destroyable {
  /** The length in bytes. */
  public static final int LENGTH = 32;

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final SecretBytes secret;

  private VolumeKey(SecretBytes secret) {
    this.secret = secret;
  }

  /** A fresh random key from the platform's secure generator. */
  public static VolumeKey generate() {
    return new VolumeKey(RandomSource.system().secret(LENGTH));
  }

  /**
   * The key with these bytes, which are copied. The caller wipes the array.
   *
   * @throws IllegalArgumentException if they are not 32
   */
  public static VolumeKey ofBytes(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("A volume key has 32 bytes, not " + bytes.length);
    }
    return new VolumeKey(SecretBytes.copyOf(bytes));
  }

  /**
   * The key in hex, in either case. A {@link java.nio.CharBuffer} around a {@code char[]} that the
   * caller wipes leaves no copy behind, as a {@link String} would.
   *
   * @throws IllegalArgumentException if these are not 64 hex digits; the message does not repeat
   *     them
   */
  public static VolumeKey parse(CharSequence hex) {
    if (hex.length() != 2 * LENGTH) {
      throw new IllegalArgumentException(
          "A volume key has 64 hex digits, not " + hex.length() + " characters");
    }
    byte[] bytes = new byte[LENGTH];
    try {
      for (int i = 0; i < LENGTH; i++) {
        bytes[i] = (byte) (digit(hex, 2 * i) << 4 | digit(hex, 2 * i + 1));
      }
      return ofBytes(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static int digit(CharSequence hex, int index) {
    char c = hex.charAt(index);
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
      return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
      return c - 'A' + 10;
    }
    throw new IllegalArgumentException(
        "A volume key has 64 hex digits; character " + (index + 1) + " is none");
  }

  /** A copy with a life of its own. */
  public VolumeKey copy() {
    return new VolumeKey(secret.copy());
  }

  /** The secret itself: 32 bytes, which the caller wipes. */
  public byte[] exportBytes() {
    return secret.expose(byte[]::clone);
  }

  /** The secret itself: 64 lower-case hex digits, which the caller wipes. */
  public char[] exportHex() {
    return secret.expose(
        bytes -> {
          char[] hex = new char[2 * LENGTH];
          for (int i = 0; i < LENGTH; i++) {
            hex[2 * i] = HEX[bytes[i] >> 4 & 15];
            hex[2 * i + 1] = HEX[bytes[i] & 15];
          }
          return hex;
        });
  }

  /** Writes the secret itself: 64 lower-case hex digits and a newline, in ASCII. */
  public void writeHex(OutputStream out) throws IOException {
    char[] hex = exportHex();
    byte[] line = new byte[hex.length + 1];
    try {
      for (int i = 0; i < hex.length; i++) {
        line[i] = (byte) hex[i];
      }
      line[hex.length] = '\n';
      out.write(line);
    } finally {
      Arrays.fill(hex, '0');
      Arrays.fill(line, (byte) 0);
    }
  }

  /** Wipes the key. */
  @Override
  public void destroy() {
    secret.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return secret.isDestroyed();
  }

  /** Does what {@link #destroy} does. */
  @Override
  public void close() {
    destroy();
  }

  /** Whether both are the same key; in constant time. A destroyed key equals itself only. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof VolumeKey key && secret.equals(key.secret));
  }

  /** The same for all keys: a hash of the key would tell something of it. */
  @Override
  public int hashCode() {
    return secret.hashCode();
  }

  /** Says that this is a key, and nothing of it. */
  @Override
  public String toString() {
    return "VolumeKey[redacted]";
  }
}
