package io.fspf.internal.tree;

/**
 * Bytes of a fuzzer read as decisions: every input means something, and a longer input that begins
 * with a shorter one decides the same at first. What is used up decides for the first of
 * everything.
 */
public final class Choices {
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    4,
    63,
    64,
    255,
    4095,
    4096,
    65536,
    Integer.MAX_VALUE,
    1L << 31,
    (1L << 32) - 1,
    1L << 32,
    1L << 40,
    (1L << 52) + 1,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2
  };

  private final byte[] input;
  private int at;

  /** Reads these decisions. */
  public Choices(byte[] input) {
    this.input = input;
  }

  /** Whether all of the input has had its say. */
  public boolean isUsedUp() {
    return at >= input.length;
  }

  /** Below a bound of at most 65536; 0 where the input is used up. */
  public int next(int bound) {
    int value = 0;
    for (int i = 0; i < (bound > 256 ? 2 : 1) && at < input.length; i++) {
      value = (value << 8) | (input[at++] & 0xFF);
    }
    return bound <= 1 ? 0 : value % bound;
  }

  /** A number, often one at which something overflows. */
  public long number() {
    int which = next(NUMBERS.length + 8);
    return which < NUMBERS.length ? NUMBERS[which] : next(65536);
  }

  /** Fewer than 40 bytes. */
  public byte[] bytes() {
    byte[] bytes = new byte[next(40)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) next(256);
    }
    return bytes;
  }
}
