package io.fspf.bench.work;

import io.fspf.bench.contender.Contender;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Random;

/** One reader or writer, from the first byte of a file to its last. Not thread-safe. */
public final class SequentialWork {
  private static final String READ = "read";
  private static final String WRITTEN = "written";

  private final Contender contender;
  private final long size;
  private final ByteBuffer buffer;

  /**
   * Work on files of one size.
   *
   * @param size of a file, in bytes
   * @param bufferSize what one call reads or writes, in bytes; the buffer is on the heap
   */
  public SequentialWork(Contender contender, long size, int bufferSize) {
    this.contender = contender;
    this.size = size;
    buffer = ByteBuffer.allocate(bufferSize);
    new Random(1).nextBytes(buffer.array());
  }

  /** Bytes of one pass. */
  public long size() {
    return size;
  }

  /** Makes the file to read, once; the host then has its pages in memory. */
  public void makeFile() throws IOException {
    contender.write(READ, size, buffer);
    contender.settle();
  }

  /** Reads the file, and gives a byte of it. */
  public byte read() throws IOException {
    try (SeekableByteChannel channel = contender.open(READ)) {
      long left = size;
      while (left > 0) {
        int count = channel.read(buffer.clear());
        if (count <= 0) {
          throw new EOFException(contender.name() + " ends " + left + " bytes too soon");
        }
        left -= count;
      }
      return buffer.get(0);
    }
  }

  /** Takes the file of the last pass away. */
  public void removeFile() throws IOException {
    contender.delete(WRITTEN);
    contender.settle();
  }

  /** Writes a new file and forces it once. */
  public void write() throws IOException {
    contender.write(WRITTEN, size, buffer);
  }
}
