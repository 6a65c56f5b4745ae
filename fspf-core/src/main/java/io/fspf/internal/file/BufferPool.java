package io.fspf.internal.file;

import java.util.ArrayDeque;

/**
 * Arrays for bytes on their way between host and chunks, used again and again: a fresh one would
 * have to be zeroed each time, and collected.
 *
 * <p>Idle arrays are held strongly, up to a bound. What is in an array that is taken is whatever
 * the last user left: it is never to be read before it was written. Thread-safe.
 */
final class BufferPool {
  private static final int MIN_BITS = 12;
  private static final int MAX_BITS = 20;

  private final long maxIdleBytes;
  private final ArrayDeque<byte[]>[] idle;
  private long idleBytes;

  @SuppressWarnings("unchecked") // An array of a generic type.
  BufferPool(long maxIdleBytes) {
    this.maxIdleBytes = maxIdleBytes;
    this.idle = (ArrayDeque<byte[]>[]) new ArrayDeque<?>[MAX_BITS - MIN_BITS + 1];
    for (int i = 0; i < idle.length; i++) {
      idle[i] = new ArrayDeque<>();
    }
  }

  /** An array of at least {@code length} bytes and {@link ChunkProtector#SPARE} more. */
  byte[] take(int length) {
    int bits = Math.max(MIN_BITS, 32 - Integer.numberOfLeadingZeros(Math.max(0, length - 1)));
    if (bits > MAX_BITS) {
      return new byte[length + ChunkProtector.SPARE];
    }
    synchronized (this) {
      byte[] found = idle[bits - MIN_BITS].pollLast();
      if (found != null) {
        idleBytes -= found.length;
        return found;
      }
    }
    return new byte[(1 << bits) + ChunkProtector.SPARE];
  }

  /** Takes back an array that nobody uses any more; any other array is let go. */
  synchronized void give(byte[] array) {
    int length = array.length - ChunkProtector.SPARE;
    boolean ofTheKind =
        Integer.bitCount(length) == 1 && length >= 1 << MIN_BITS && length <= 1 << MAX_BITS;
    if (ofTheKind && idleBytes + array.length <= maxIdleBytes) {
      idleBytes += array.length;
      idle[Integer.numberOfTrailingZeros(length) - MIN_BITS].addLast(array);
    }
  }
}
