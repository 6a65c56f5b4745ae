package io.fspf;

import com.google.common.io.BaseEncoding;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The root tag: 32 bytes that name one commit, that is every name, attribute and byte of a volume.
 *
 * <p>SHA-256 over a domain label, the volume's header and its commit frame, both as stored; anyone
 * computes it from the fspf file without a key. It is no secret. Comparison takes the same time
 * wherever tags differ.
 *
 * <p>Immutable and thread-safe.
 */
public final class RootTag {
  /** The length in bytes. */
  public static final int LENGTH = 32;

  private final byte[] bytes;

  private RootTag(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The tag with these bytes, which are copied.
   *
   * @throws IllegalArgumentException if they are not 32
   */
  public static RootTag ofBytes(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("A root tag has 32 bytes, not " + bytes.length);
    }
    return new RootTag(bytes.clone());
  }

  /**
   * The tag in hex, in either case.
   *
   * @throws IllegalArgumentException if these are not 64 hex digits
   */
  public static RootTag parse(String hex) {
    if (hex.length() != 2 * LENGTH) {
      throw new IllegalArgumentException(
          "A root tag has 64 hex digits, not " + hex.length() + " characters");
    }
    return new RootTag(BaseEncoding.base16().lowerCase().decode(hex.toLowerCase(Locale.ROOT)));
  }

  /** A copy of the 32 bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RootTag tag && MessageDigest.isEqual(bytes, tag.bytes);
  }

  @Override
  public int hashCode() {
    return java.util.Arrays.hashCode(bytes);
  }

  /** 64 lower-case hex digits. */
  @Override
  public String toString() {
    return BaseEncoding.base16().lowerCase().encode(bytes);
  }
}
