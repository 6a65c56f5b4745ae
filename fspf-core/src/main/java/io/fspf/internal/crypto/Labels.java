package io.fspf.internal.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Builds the info of a derivation: an ASCII label that names the purpose, then fields of fixed
 * length.
 */
final class Labels {
  private Labels() {}

  static byte[] with(String label, byte[] rest) {
    byte[] ascii = label.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(ascii.length + rest.length).put(ascii).put(rest).array();
  }

  static byte[] with(String label, int number) {
    return with(label, ByteBuffer.allocate(4).putInt(number).array());
  }

  static void requireLength(byte[] bytes, int length, String what) {
    if (bytes.length != length) {
      throw new IllegalArgumentException(what + " has " + length + " bytes, not " + bytes.length);
    }
  }
}
