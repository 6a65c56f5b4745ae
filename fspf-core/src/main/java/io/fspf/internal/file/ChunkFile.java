package io.fspf.internal.file;

import io.fspf.IntegrityException;
import io.fspf.internal.host.HostFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A host file that holds the stored chunks of one file: verifies them on their way in, protects
 * them on their way out. Chunks that stand in neighbouring slots go through one call of the host.
 *
 * <p>Whoever uses it outside of the content's lock {@linkplain #retain retains} it, so that it is
 * not closed meanwhile.
 *
 * <p>Thread-safe as far as its callers write no slot that others read.
 */
final class ChunkFile implements Closeable {
  /** Neighbouring chunks go together up to this many bytes: as much as stays in a core's cache. */
  private static final int ROW_BYTES = 256 << 10;

  private final HostFile file;
  private final ChunkProtector protector;
  private final int chunkSize;
  private final BufferPool buffers;
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile boolean unsynced;

  ChunkFile(HostFile file, ChunkProtector protector, int chunkSize, BufferPool buffers) {
    this.file = file;
    this.protector = protector;
    this.chunkSize = chunkSize;
    this.buffers = buffers;
  }

  /** How many chunks of this size go together. */
  static int rowLength(int chunkSize) {
    return Math.max(1, ROW_BYTES / chunkSize);
  }

  /**
   * Reads and verifies chunks of one group that stand in a row, in slots that do as well.
   *
   * <p>They are verified in memory of our own: into the caller's array, other threads may write.
   *
   * @param path for the exception
   * @param first the first chunk
   * @param length of the chunks together, by the sealed size of the file
   * @param into takes the clear bytes, up to the first chunk that is not right
   * @throws IntegrityException if the host's bytes are not the committed ones
   */
  void read(String path, ChunkGroup group, long first, int length, byte[] into, int offset)
      throws IOException {
    byte[] stored = buffers.take(length);
    try {
      read(path, group, first, length, stored, into, offset);
    } finally {
      buffers.give(stored);
    }
  }

  /**
   * The same into an array of the pool, which the caller gives back: the clear bytes stand at its
   * beginning.
   */
  byte[] read(String path, ChunkGroup group, long first, int length) throws IOException {
    byte[] bytes = buffers.take(length);
    boolean verified = false;
    try {
      read(path, group, first, length, bytes, bytes, 0);
      verified = true;
      return bytes;
    } finally {
      if (!verified) {
        buffers.give(bytes);
      }
    }
  }

  private void read(
      String path, ChunkGroup group, long first, int length, byte[] stored, byte[] into, int offset)
      throws IOException {
    int got = file.read(Math.multiplyExact(group.slot(first), (long) chunkSize), stored, 0, length);
    int done = 0;
    for (long chunk = first; done < length; chunk++) {
      int part = Math.min(chunkSize, length - done);
      int here = Math.max(0, Math.min(part, got - done));
      if (here < part) {
        throw new IntegrityException(
            path,
            chunk * chunkSize + here,
            "the host's file ends " + (part - here) + " bytes early");
      }
      boolean right =
          protector.recover(
              chunk,
              group.records(),
              group.recordOffset(chunk),
              stored,
              done,
              part,
              into,
              offset + done);
      if (!right) {
        throw new IntegrityException(
            path, chunk * chunkSize, "the host's bytes are not the committed ones");
      }
      done += part;
    }
  }

  /**
   * Chunks in a row that are protected and on their way to the host.
   *
   * @param bytes as they are to stand there, in an array of the pool
   * @param length of the chunks together
   * @param records one for each chunk
   */
  record Protected(byte[] bytes, int length, byte[][] records) {}

  /**
   * Protects chunks that stand in a row, to be {@linkplain #write written} once.
   *
   * @param clear one array for each chunk
   * @param length of the chunks together
   */
  Protected protect(long first, byte[][] clear, int length) throws IOException {
    byte[] bytes = buffers.take(length);
    boolean done = false;
    try {
      var records = new byte[clear.length][];
      for (int i = 0; i < clear.length; i++) {
        int at = i * chunkSize;
        int part = Math.min(chunkSize, length - at);
        records[i] = protector.protect(first + i, clear[i], 0, part, bytes, at);
      }
      done = true;
      return new Protected(bytes, length, records);
    } finally {
      if (!done) {
        buffers.give(bytes);
      }
    }
  }

  /** Writes chunks to slots in a row, and takes their array back. */
  void write(Protected chunks, long firstSlot) throws IOException {
    try {
      file.write(
          Math.multiplyExact(firstSlot, (long) chunkSize), chunks.bytes(), 0, chunks.length());
    } finally {
      // After it, since a sync under way need not cover what arrives meanwhile.
      unsynced = true;
      buffers.give(chunks.bytes());
    }
  }

  /** Makes the host file exactly this long. */
  void setSize(long size) throws IOException {
    try {
      file.setSize(size);
    } finally {
      unsynced = true;
    }
  }

  long hostSize() throws IOException {
    return file.size();
  }

  /** Whether something was written that is not known to be durable. */
  boolean isUnsynced() {
    return unsynced;
  }

  /** Makes durable what was written, if anything was. */
  void sync() throws IOException {
    if (unsynced) {
      // Before, since what is written meanwhile is not covered.
      unsynced = false;
      file.sync();
    }
  }

  /** One user more, who closes it as well. */
  ChunkFile retain() {
    users.incrementAndGet();
    return this;
  }

  /** The same where it may be closed already: then nothing happens. */
  boolean tryRetain() {
    return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) != 0;
  }

  /** One user less; the last one closes the host file. */
  @Override
  public void close() throws IOException {
    if (users.decrementAndGet() == 0) {
      protector.close();
      file.close();
    }
  }
}
