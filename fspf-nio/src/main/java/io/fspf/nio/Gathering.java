package io.fspf.nio;

import java.nio.ByteBuffer;

/** Makes one buffer of several. */
final class Gathering {
  private Gathering() {}

  /** One buffer with the content of all: what is appended together stays together. */
  static ByteBuffer gathered(ByteBuffer[] from, int offset, int length) {
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      total += from[i].remaining();
    }
    ByteBuffer all = ByteBuffer.allocate((int) Math.min(total, Integer.MAX_VALUE - 8));
    for (int i = offset; i < offset + length && all.hasRemaining(); i++) {
      int count = Math.min(all.remaining(), from[i].remaining());
      all.put(from[i].slice(from[i].position(), count));
      from[i].position(from[i].position() + count);
    }
    return all.flip();
  }
}
