package io.fspf.cas.evidence.dcap;

/** Compares the bits that matter. */
final class Masks {
  private Masks() {}

  /** Whether the bits of a value that a mask selects are those expected. */
  static boolean equal(byte[] value, byte[] expected, byte[] mask) {
    if (value.length != expected.length || value.length != mask.length) {
      return false;
    }
    for (int i = 0; i < mask.length; i++) {
      if ((value[i] & mask[i] & 0xff) != (expected[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }
}
