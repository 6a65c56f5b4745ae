package io.fspf.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Content that stands in chunks: committed ones below, those that were sealed since then above
 * them, and on top those that are held in clear.
 *
 * <p>Guarded by the lock of the content: changes need it alone, reading may share it.
 */
final class ChunkedContent implements Closeable {
  private final FileShape shape;
  private final ContentServices services;
  private final ChunkRecords records;
  private final StoredChunks stored;
  private final HeldChunks held;
  private final ChunkReader reader;

  ChunkedContent(
      FileShape shape, ContentServices services, ChunkRecords records, StoredChunks stored) {
    this.shape = shape;
    this.services = services;
    this.records = records;
    this.stored = stored;
    this.held = new HeldChunks(shape, services);
    this.reader = new ChunkReader(shape, services, held, records, stored);
  }

  ChunkRecords records() {
    return records;
  }

  StoredChunks stored() {
    return stored;
  }

  /** Whether all that changed was sealed. */
  boolean isFlushed() {
    return held.dirtyCount() == 0;
  }

  /** Reads bytes that lie within the file. */
  void read(ByteBuffer into, long position, int total) throws IOException {
    reader.read(into, position, total);
  }

  /** Writes bytes within the file, which was {@linkplain #extend extended} where needed. */
  void write(ByteBuffer from, long position) throws IOException {
    int total = from.remaining();
    for (int done = 0; done < total; ) {
      long at = position + done;
      long chunk = at / shape.chunkSize();
      int within = (int) (at % shape.chunkSize());
      int length = shape.length(chunk);
      int count = Math.min(total - done, length - within);
      boolean whole = within == 0 && count == length;
      byte[] buffer = whole ? held.whole(chunk, length) : changed(chunk, length);
      from.get(buffer, within, count);
      held.written(chunk, within, count);
      done += count;
      if (held.fullBytes() >= services.limits().fileDirtyBytes()) {
        stored.flush(held, 0, true);
      }
    }
  }

  /** The first bytes of a file that had none in chunks. */
  void start(byte[] content) {
    if (content.length > 0) {
      System.arraycopy(content, 0, held.part(0, content.length), 0, content.length);
    }
  }

  /**
   * Makes room up to a new size; what lies between is a hole, but for the rest of the last chunk.
   */
  void extend(long newSize) throws IOException {
    long oldSize = shape.size();
    if (newSize <= oldSize) {
      return;
    }
    int tail = (int) (oldSize % shape.chunkSize());
    long last = oldSize / shape.chunkSize();
    boolean has = tail != 0 && (held.contains(last) || records.groupOf(last).has(last));
    if (has) {
      changed(last, tail);
    }
    shape.setSize(newSize);
    if (has) {
      held.part(last, shape.length(last));
    }
  }

  void shrink(long newSize) throws IOException {
    int chunkSize = shape.chunkSize();
    int tail = (int) (newSize % chunkSize);
    long firstGone = (newSize + chunkSize - 1) / chunkSize;
    if (tail != 0) {
      long last = newSize / chunkSize;
      if (held.contains(last) || records.groupOf(last).has(last)) {
        byte[] buffer = changed(last, shape.length(last));
        Arrays.fill(buffer, tail, buffer.length, (byte) 0);
      }
    }
    stored.shrink(newSize);
    held.removeFrom(firstGone);
    long firstGroup = firstGone / ChunkGroup.CHUNKS;
    for (long g = records.next(firstGroup); g >= 0; g = records.next(g + 1)) {
      ChunkGroup group = records.group(g);
      for (long rest = group.present(); rest != 0; rest &= rest - 1) {
        long chunk = group.firstChunk() + Long.numberOfTrailingZeros(rest);
        if (chunk >= firstGone) {
          stored.removed(group, chunk);
          records.put(records.group(g).without(chunk));
        }
      }
    }
    shape.setSize(newSize);
  }

  /** The buffer of a chunk that is changed in part: its present bytes are in it. */
  private byte[] changed(long chunk, int length) throws IOException {
    if (!held.contains(chunk)) {
      ChunkGroup group = records.groupOf(chunk);
      if (group.has(chunk)) {
        byte[] buffer = held.allocate(length);
        reader.readForChange(group, chunk, length, buffer);
        return held.put(chunk, buffer);
      }
    }
    return held.part(chunk, length);
  }

  /** Seals all that is dirty; not a commit. */
  void flush() throws IOException {
    for (long next = 0; next >= 0; ) {
      next = flush(next);
    }
  }

  /**
   * Seals a part of what is dirty: some chunks from this one on.
   *
   * @return where to go on; -1 at the end
   */
  long flush(long from) throws IOException {
    return stored.flush(held, from, false);
  }

  /** How much was not sealed, in bytes. */
  long dirtyBytes() {
    return (long) held.dirtyCount() * shape.chunkSize();
  }

  /** Holds in memory only what was not sealed. */
  void releaseClean() {
    held.removeClean();
  }

  /** The file is gone: discards its object with the commit to come, and all changes at once. */
  void drop() throws IOException {
    records.forgetChanges();
    held.removeFrom(0);
    reader.close();
    stored.drop();
  }

  @Override
  public void close() throws IOException {
    held.removeFrom(0);
    try {
      reader.close();
    } finally {
      stored.close();
    }
  }
}
