package io.fspf.internal.host;

import java.io.Closeable;
import java.io.IOException;

/**
 * An open regular file of the host, read and written at given positions.
 *
 * <p>Thread-safe. Interrupting a thread inside a call neither closes the file for the others nor
 * tears the call; the thread's interrupt status stays set.
 */
public interface HostFile extends Closeable {
  /**
   * Reads until {@code length} bytes are there or the file ends.
   *
   * @param position from the start of the file, in bytes
   * @return how many bytes were read, 0 to {@code length}; fewer than {@code length} only at the
   *     end of the file
   */
  int read(long position, byte[] into, int offset, int length) throws IOException;

  /** Writes all of the bytes at {@code position}, extending the file where needed. */
  void write(long position, byte[] from, int offset, int length) throws IOException;

  /** The size in bytes. */
  long size() throws IOException;

  /** Cuts the file, or extends it with zeros, to {@code size} bytes. */
  void setSize(long size) throws IOException;

  /**
   * Returns when all that was written, and the size, is on stable storage (fdatasync). A failure is
   * final: the host may have dropped the pages, so the caller must not trust the file again (and
   * must not just try again).
   */
  void sync() throws IOException;

  /**
   * {@linkplain #sync Syncs} and closes a file that nobody else uses any more, with fewer calls of
   * the host than the two would take. Closed it is also when this throws. An interrupt may make it
   * fail, but never makes it look as if it had synced.
   */
  default void closeDurably() throws IOException {
    try (this) {
      sync();
    }
  }

  @Override
  void close() throws IOException;
}
