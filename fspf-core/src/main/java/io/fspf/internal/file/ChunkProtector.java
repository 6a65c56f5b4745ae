package io.fspf.internal.file;

import java.io.Closeable;

/**
 * Makes and checks the records of one file's chunks, under one file key; for encrypted files it
 * turns clear bytes into stored ones and back. Stored and clear bytes of a chunk are equally many.
 *
 * <p>Thread-safe.
 */
interface ChunkProtector extends Closeable {
  /**
   * How many bytes beyond the chunk {@link #protect} and {@link #recover} use of the array of
   * stored bytes.
   */
  int SPARE = 16;

  /**
   * Makes a chunk's stored bytes and its record.
   *
   * @param stored has room for {@code length} and {@link #SPARE} more bytes; may be {@code clear}
   *     itself at the same offset unless the file is encrypted
   * @return the record
   */
  byte[] protect(
      long chunk, byte[] clear, int clearOffset, int length, byte[] stored, int storedOffset);

  /**
   * Checks stored bytes against a record and, if they are right, puts the clear bytes where they
   * are wanted.
   *
   * @param stored private memory, with {@link #SPARE} bytes behind the chunk, which may be changed
   *     and are put back
   * @param clear may be {@code stored} itself at the same offset
   * @return false if the bytes are not the ones that the record was made for; then {@code clear}
   *     holds none of them that {@code stored} does not hold
   */
  boolean recover(
      long chunk,
      byte[] records,
      int recordOffset,
      byte[] stored,
      int storedOffset,
      int length,
      byte[] clear,
      int clearOffset);

  /** Puts bytes where they are wanted, unless they stand there already. */
  static void copy(byte[] from, int fromOffset, byte[] to, int toOffset, int length) {
    if (from != to || fromOffset != toOffset) {
      System.arraycopy(from, fromOffset, to, toOffset, length);
    }
  }

  /** Wipes the keys. */
  @Override
  void close();
}
