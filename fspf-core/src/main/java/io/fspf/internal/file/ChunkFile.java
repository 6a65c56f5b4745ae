package io.fspf.internal.file;

import io.fspf.IntegrityException;
import io.fspf.internal.host.HostFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A host file that holds the stored chunks of one file: verifies them on their way in, protects
 * them on their way out.
 *
 * <p>Whoever makes it durable outside of the content's lock {@linkplain #retain retains} it, so
 * that it is not closed meanwhile.
 *
 * <p>Thread-safe as far as its callers write no slot that others read.
 */
final class ChunkFile implements Closeable {
  private final HostFile file;
  private final ChunkProtector protector;
  private final int chunkSize;
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile boolean unsynced;

  ChunkFile(HostFile file, ChunkProtector protector, int chunkSize) {
    this.file = file;
    this.protector = protector;
    this.chunkSize = chunkSize;
  }

  /**
   * Reads and verifies one stored chunk.
   *
   * @param path for the exception
   * @param length the chunk's length by the sealed size of the file
   * @throws IntegrityException if the host's bytes are not the committed ones
   */
  void read(String path, ChunkGroup group, long chunk, int length, byte[] into, int offset)
      throws IOException {
    long position = Math.multiplyExact(group.slot(chunk), (long) chunkSize);
    byte[] stored = new byte[length + ChunkProtector.SPARE];
    int got = file.read(position, stored, 0, length);
    if (got < length) {
      throw new IntegrityException(
          path, chunk * chunkSize + got, "the host's file ends " + (length - got) + " bytes early");
    }
    boolean right =
        protector.recover(
            chunk, group.records(), group.recordOffset(chunk), stored, 0, length, into, offset);
    if (!right) {
      throw new IntegrityException(
          path, chunk * chunkSize, "the host's bytes are not the committed ones");
    }
  }

  /**
   * Protects one chunk and writes it.
   *
   * @return its record
   */
  byte[] write(long chunk, byte[] clear, int length, long slot) throws IOException {
    byte[] stored = new byte[length + ChunkProtector.SPARE];
    byte[] record = protector.protect(chunk, clear, 0, length, stored, 0);
    unsynced = true;
    file.write(Math.multiplyExact(slot, (long) chunkSize), stored, 0, length);
    return record;
  }

  /** Makes the host file exactly this long. */
  void setSize(long size) throws IOException {
    unsynced = true;
    file.setSize(size);
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

  /** One user less; the last one closes the host file. */
  @Override
  public void close() throws IOException {
    if (users.decrementAndGet() == 0) {
      protector.close();
      file.close();
    }
  }
}
