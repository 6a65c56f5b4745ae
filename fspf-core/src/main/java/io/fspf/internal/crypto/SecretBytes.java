package io.fspf.internal.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;

/**
 * Key material in a type of its own: it is wiped when no longer needed, and never printed, compared
 * in variable time or serialized.
 *
 * <p>The bytes come out only through {@link #expose}, so that a reviewer finds every place by that
 * name. Wiping is best effort: a copying garbage collector, or a library below, may leave copies in
 * memory.
 *
 * <p>Thread-safe. After {@link #destroy} everything but {@link #length}, {@link #isDestroyed} and
 * {@link #toString} throws {@link IllegalStateException}.
 */
public final class SecretBytes implements AutoCloseable, Destroyable {
  private final byte[] bytes;
  private boolean destroyed;

  private SecretBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A secret of a copy of these bytes. */
  public static SecretBytes copyOf(byte[] bytes) {
    return new SecretBytes(bytes.clone());
  }

  /** A secret of a copy of {@code length} bytes from {@code offset} on. */
  public static SecretBytes copyOf(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return new SecretBytes(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /** A secret of a copy of these bytes, which are then wiped where they stood. */
  public static SecretBytes moveFrom(byte[] bytes) {
    SecretBytes secret = copyOf(bytes);
    Arrays.fill(bytes, (byte) 0);
    return secret;
  }

  /** How many bytes the secret has. */
  public int length() {
    return bytes.length;
  }

  /**
   * Calls {@code use} with a copy of the bytes, which is wiped when the call returns or throws.
   * {@code use} must not keep it.
   *
   * @return what {@code use} returns
   */
  public <T extends @Nullable Object> T expose(Function<byte[], T> use) {
    byte[] copy = copyBytes();
    try {
      return use.apply(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /** A second secret of the same bytes, with a life of its own. */
  public SecretBytes copy() {
    return new SecretBytes(copyBytes());
  }

  /** Under the same lock as {@link #destroy}, so that nobody ever uses a half-wiped key. */
  private synchronized byte[] copyBytes() {
    if (destroyed) {
      throw new IllegalStateException("The secret was destroyed");
    }
    return bytes.clone();
  }

  @Override
  public synchronized void destroy() {
    destroyed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public synchronized boolean isDestroyed() {
    return destroyed;
  }

  /** Does what {@link #destroy} does. */
  @Override
  public void close() {
    destroy();
  }

  /**
   * Whether both hold the same bytes; in constant time for equal lengths. A destroyed secret equals
   * itself only.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof SecretBytes secret) || isDestroyed() || secret.isDestroyed()) {
      return false;
    }
    return expose(mine -> secret.expose(theirs -> MessageDigest.isEqual(mine, theirs)));
  }

  /** Depends on the length alone: a hash of the bytes would tell something of them. */
  @Override
  public int hashCode() {
    return bytes.length;
  }

  /** Says how long the secret is and nothing else. */
  @Override
  public String toString() {
    return "SecretBytes[" + bytes.length + " bytes, redacted]";
  }
}
