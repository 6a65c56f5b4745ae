package io.fspf.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Carries bytes between a file and another channel, through a buffer of moderate size. */
final class Transfers {
  private static final int BUFFER = 256 << 10;

  private Transfers() {}

  /**
   * Until all is there, the file ends, or the target takes no more at the moment.
   *
   * @return how many bytes the target has taken
   */
  static long to(FileChannel file, long from, long count, WritableByteChannel target)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, count));
    long done = 0;
    while (done < count) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
      if (file.read(buffer, from + done) <= 0) {
        break;
      }
      buffer.flip();
      done += target.write(buffer);
      if (buffer.hasRemaining()) {
        break;
      }
    }
    return done;
  }

  /**
   * Until all is there, or the source has no more at the moment.
   *
   * @return how many bytes the file has got
   */
  static long from(ReadableByteChannel source, FileChannel file, long to, long count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, count));
    long done = 0;
    while (done < count) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
      if (source.read(buffer) <= 0) {
        break;
      }
      done += file.write(buffer.flip(), to + done);
    }
    return done;
  }
}
