package io.fspf.key;

import io.fspf.internal.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * Turns a passphrase into the bytes that are hashed: Unicode's NFC, in UTF-8, so that it is the
 * same from every keyboard.
 */
final class Passphrases {
  /** The longest passphrase in bytes of UTF-8. */
  static final int MAX_LENGTH = 4096;

  private Passphrases() {}

  /**
   * The bytes of {@code passphrase}, which the caller wipes.
   *
   * @throws IllegalArgumentException if it is empty, too long, or has a lone surrogate
   */
  static SecretBytes encode(char[] passphrase) {
    CharBuffer chars = CharBuffer.wrap(passphrase);
    // Only text that must be changed passes through a String, which cannot be wiped.
    CharSequence normal =
        Normalizer.isNormalized(chars, Normalizer.Form.NFC)
            ? chars
            : Normalizer.normalize(chars, Normalizer.Form.NFC);
    ByteBuffer utf8;
    try {
      utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(normal));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("The passphrase is no valid Unicode", e);
    }
    try {
      if (!utf8.hasRemaining()) {
        throw new IllegalArgumentException("The passphrase is empty");
      }
      if (utf8.remaining() > MAX_LENGTH) {
        throw new IllegalArgumentException(
            "The passphrase is longer than " + MAX_LENGTH + " bytes");
      }
      return SecretBytes.copyOf(utf8.array(), utf8.arrayOffset(), utf8.remaining());
    } finally {
      Arrays.fill(utf8.array(), (byte) 0);
    }
  }

  /**
   * The passphrase that a file holds: its text without one newline at the end. The caller wipes it,
   * and the argument.
   *
   * @throws IllegalArgumentException if the bytes are no UTF-8
   */
  static char[] decodeFile(byte[] content) {
    int length = content.length;
    if (length > 0 && content[length - 1] == '\n') {
      length--;
      if (length > 0 && content[length - 1] == '\r') {
        length--;
      }
    }
    try {
      CharBuffer text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content, 0, length));
      char[] chars = new char[text.remaining()];
      text.get(chars);
      Arrays.fill(text.array(), '\0');
      return chars;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("The passphrase is no valid UTF-8", e);
    }
  }
}
