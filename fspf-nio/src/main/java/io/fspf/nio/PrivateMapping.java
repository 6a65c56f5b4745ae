package io.fspf.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;

/** A part of a file in memory of its own: verified once, out of the host's reach from then on. */
final class PrivateMapping {
  private PrivateMapping() {}

  static MappedByteBuffer of(FileChannel channel, long from, int size) throws IOException {
    MappedByteBuffer copy = allocate(size);
    while (copy.hasRemaining()) {
      if (channel.read(copy, from + copy.position()) < 0) {
        throw new IOException("The file was cut while it was mapped");
      }
    }
    copy.flip();
    return copy;
  }

  /** In the JDK every direct buffer is a mapped one; this one is mapped to no file. */
  private static MappedByteBuffer allocate(int size) throws IOException {
    try {
      return (MappedByteBuffer) ByteBuffer.allocateDirect(size);
    } catch (OutOfMemoryError e) {
      throw new IOException("No memory for a copy of " + size + " bytes", e);
    }
  }
}
