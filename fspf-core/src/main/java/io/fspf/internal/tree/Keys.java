package io.fspf.internal.tree;

import java.util.Arrays;

/** Keys of records: bytes in unsigned order. */
final class Keys {
  /** The smallest of all. */
  static final byte[] SMALLEST = {};

  private Keys() {}

  /** The index of {@code key} in ascending keys, or {@code -1 - } where it would be put. */
  static int search(byte[][] keys, byte[] key) {
    int low = 0;
    int high = keys.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(keys[middle], key);
      if (order == 0) {
        return middle;
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  /** The shortest key that is greater than {@code below} and not greater than {@code above}. */
  static byte[] separator(byte[] below, byte[] above) {
    int common = Arrays.mismatch(below, above);
    return Arrays.copyOf(above, common + 1);
  }

  static boolean ascending(byte[][] keys) {
    for (int i = 1; i < keys.length; i++) {
      if (Arrays.compareUnsigned(keys[i - 1], keys[i]) >= 0) {
        return false;
      }
    }
    return true;
  }
}
