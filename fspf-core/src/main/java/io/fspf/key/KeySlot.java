package io.fspf.key;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One way to the volume key, as the header holds it: the key, wrapped. Opaque; its bytes are the
 * message {@code KeySlot} of the format. It is no secret, and anyone may have changed it.
 *
 * <p>Immutable.
 */
public final class KeySlot {
  /** The most bytes of a slot. */
  public static final int MAX_LENGTH = 4096;

  private final byte[] bytes;

  private KeySlot(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The slot with these bytes, which are copied.
   *
   * @throws IllegalArgumentException if they are more than {@link #MAX_LENGTH}
   */
  public static KeySlot ofBytes(byte[] bytes) {
    if (bytes.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "A key slot has at most " + MAX_LENGTH + " bytes, not " + bytes.length);
    }
    return new KeySlot(bytes.clone());
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeySlot slot && Arrays.equals(bytes, slot.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "KeySlot[" + bytes.length + " bytes]";
  }
}
