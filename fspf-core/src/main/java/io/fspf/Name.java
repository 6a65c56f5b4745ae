package io.fspf;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The name of one directory entry: 1 to 255 bytes, neither {@code NUL} nor {@code '/'}.
 *
 * <p>Names are bytes, as on Linux. As text they are UTF-8; a byte that is no part of valid UTF-8 is
 * the lone surrogate {@code U+DC80} to {@code U+DCFF} (the "surrogateescape" of Python's PEP 383),
 * so that every name has a text form that leads back to the same bytes. Order is the unsigned order
 * of the bytes.
 *
 * <p>Immutable and thread-safe.
 */
public final class Name implements Comparable<Name> {
  /** The most bytes that a name may have. */
  public static final int MAX_LENGTH = 255;

  private static final char REPLACEMENT = '\uFFFD';

  private final byte[] bytes;

  private Name(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The name with the text {@code text}.
   *
   * @throws IllegalArgumentException if it is empty, too long, or has a slash, a NUL or a lone
   *     surrogate other than {@code U+DC80} to {@code U+DCFF}
   */
  public static Name of(String text) {
    return new Name(checked(encode(text)));
  }

  /**
   * The name with these bytes, which are copied.
   *
   * @throws IllegalArgumentException if they are none, too many, or hold a slash or a NUL
   */
  public static Name ofBytes(byte[] bytes) {
    return new Name(checked(bytes.clone()));
  }

  private static byte[] checked(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_LENGTH) {
      throw new IllegalArgumentException("A name has 1 to 255 bytes, not " + bytes.length);
    }
    for (byte b : bytes) {
      if (b == 0 || b == '/') {
        throw new IllegalArgumentException("A name holds neither NUL nor '/'");
      }
    }
    return bytes;
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** How many bytes the name has. */
  public int length() {
    return bytes.length;
  }

  @Override
  public int compareTo(Name other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Name name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The text form, from which {@link #of} makes the same name. */
  @Override
  public String toString() {
    return decode(bytes);
  }

  /**
   * Text to bytes: UTF-8, with U+DC80 to U+DCFF as the bytes 80 to FF.
   *
   * @throws IllegalArgumentException if it has any other lone surrogate
   */
  public static byte[] encode(String text) {
    if (!hasSurrogates(text)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    ByteBuffer out = ByteBuffer.allocate(text.length() * 3);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int width = Character.charCount(c);
      if (c >= 0xDC80 && c <= 0xDCFF) {
        out.put((byte) c);
      } else if (c >= 0xD800 && c <= 0xDFFF) {
        throw new IllegalArgumentException("Lone surrogate in a name");
      } else {
        out.put(text.substring(i, i + width).getBytes(StandardCharsets.UTF_8));
      }
      i += width;
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static boolean hasSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** Bytes to text, the inverse of {@link #encode}. */
  public static String decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    // Stands for what is malformed, or for itself.
    return text.indexOf(REPLACEMENT) < 0 ? text : decodeEscaped(bytes);
  }

  private static String decodeEscaped(byte[] bytes) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (true) {
      var result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (0xDC00 | (in.get() & 0xFF)));
      }
      decoder.reset();
    }
  }
}
