package io.fspf.nio;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** The bytes of paths: names with {@code '/'} between them, as Unix has them. */
final class PathBytes {
  private PathBytes() {}

  /** The same without a slash at the end, but for the root's, and without two in a row. */
  static byte[] withoutExtraSlashes(byte[] bytes) {
    byte[] out = new byte[bytes.length];
    int length = 0;
    for (byte b : bytes) {
      if (b != '/' || length == 0 || out[length - 1] != '/') {
        out[length++] = b;
      }
    }
    if (length > 1 && out[length - 1] == '/') {
      length--;
    }
    return length == bytes.length ? bytes : Arrays.copyOf(out, length);
  }

  /** Where the names begin. */
  static int[] offsets(byte[] bytes) {
    if (bytes.length == 0) {
      return new int[] {0};
    }
    int count = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (startsName(bytes, i)) {
        count++;
      }
    }
    int[] offsets = new int[count];
    for (int i = 0, n = 0; i < bytes.length; i++) {
      if (startsName(bytes, i)) {
        offsets[n++] = i;
      }
    }
    return offsets;
  }

  private static boolean startsName(byte[] bytes, int i) {
    return bytes[i] != '/' && (i == 0 || bytes[i - 1] == '/');
  }

  /** A relative path behind that of a directory. */
  static byte[] joined(byte[] directory, byte[] relative) {
    boolean slash = directory[directory.length - 1] != '/';
    byte[] joined = Arrays.copyOf(directory, directory.length + (slash ? 1 : 0) + relative.length);
    if (slash) {
      joined[directory.length] = '/';
    }
    System.arraycopy(relative, 0, joined, joined.length - relative.length, relative.length);
    return joined;
  }

  /** The bytes of a path with these names. */
  static byte[] of(boolean absolute, List<byte[]> names) {
    var out = new ByteArrayOutputStream();
    boolean slash = absolute;
    for (byte[] name : names) {
      if (slash) {
        out.write('/');
      }
      out.writeBytes(name);
      slash = true;
    }
    if (absolute && names.isEmpty()) {
      out.write('/');
    }
    return out.toByteArray();
  }
}
