package io.fspf;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open regular file of a volume, read and written at given positions. It stays usable when its
 * name is changed or removed.
 *
 * <p>Thread-safe: each call takes effect as a whole.
 */
public interface VolumeFile extends Closeable {
  /**
   * Reads into the buffer's remaining room, as much as there is.
   *
   * @param position in bytes from the start of the file
   * @return the number of bytes, at least 1 where the buffer has room and the file has bytes at
   *     {@code position}; -1 at or behind the end of the file
   * @throws IntegrityException if the bytes are not what was committed; then the buffer's content
   *     is undefined, its position unchanged
   */
  int read(ByteBuffer into, long position) throws IOException;

  /**
   * Writes the buffer's remaining bytes; the file grows where needed, a gap becomes a hole.
   *
   * @return how many bytes that were: all
   */
  int write(ByteBuffer from, long position) throws IOException;

  /**
   * Writes the buffer's remaining bytes at the end of the file, in one step with respect to all
   * others.
   *
   * @return the position at which they stand
   */
  long append(ByteBuffer from) throws IOException;

  /** The size in bytes. */
  long size() throws IOException;

  /**
   * Cuts the file, or extends it with a hole, to {@code size} bytes. Where it has that size
   * already, nothing changes.
   */
  void setSize(long size) throws IOException;

  /** The file's attributes. */
  FileAttributes attributes() throws IOException;

  /** The file's inode number, as {@link FileAttributes#inode} has it; it never changes. */
  default long inode() throws IOException {
    return attributes().inode();
  }

  /**
   * Returns when the file's content and attributes are in a durable commit. It is the volume's
   * commit: everything else that was changed before is in it as well.
   */
  void force() throws IOException;

  @Override
  void close() throws IOException;
}
