package io.fspf.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Content that stands in chunks: committed ones below, those that were sealed since then above
 * them, and dirty ones, which are in clear, on top.
 *
 * <p>Guarded by the lock of the content: changes need it alone, reading may share it.
 */
final class ChunkedContent implements Closeable {
  private final FileShape shape;
  private final ContentServices services;
  private final ChunkRecords records;
  private final StoredChunks stored;
  private final DirtyChunks dirty;
  private final ChunkReader reader;

  ChunkedContent(
      FileShape shape, ContentServices services, ChunkRecords records, StoredChunks stored) {
    this.shape = shape;
    this.services = services;
    this.records = records;
    this.stored = stored;
    this.dirty = new DirtyChunks(shape, services);
    this.reader = new ChunkReader(shape, services, dirty, records, stored);
  }

  ChunkRecords records() {
    return records;
  }

  StoredChunks stored() {
    return stored;
  }

  /** Whether all that changed was sealed. */
  boolean isFlushed() {
    return dirty.isEmpty();
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
      byte[] buffer = whole ? dirty.whole(chunk, length) : changed(chunk, length);
      from.get(buffer, within, count);
      done += count;
      if (dirty.bytes() >= services.limits().fileDirtyBytes()) {
        flush();
      }
    }
  }

  /** The first bytes of a file that had none in chunks. */
  void start(byte[] content) {
    if (content.length > 0) {
      System.arraycopy(content, 0, dirty.part(0, content.length), 0, content.length);
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
    boolean has = tail != 0 && (dirty.contains(last) || records.groupOf(last).has(last));
    if (has) {
      changed(last, tail);
    }
    shape.setSize(newSize);
    if (has) {
      dirty.part(last, shape.length(last));
    }
  }

  void shrink(long newSize) throws IOException {
    int chunkSize = shape.chunkSize();
    int tail = (int) (newSize % chunkSize);
    long firstGone = (newSize + chunkSize - 1) / chunkSize;
    if (tail != 0) {
      long last = newSize / chunkSize;
      if (dirty.contains(last) || records.groupOf(last).has(last)) {
        byte[] buffer = changed(last, shape.length(last));
        Arrays.fill(buffer, tail, buffer.length, (byte) 0);
      }
    }
    stored.shrink(newSize);
    dirty.removeFrom(firstGone);
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
    if (!dirty.contains(chunk)) {
      ChunkGroup group = records.groupOf(chunk);
      if (group.has(chunk)) {
        byte[] buffer = dirty.allocate(length);
        reader.readForChange(group, chunk, length, buffer);
        dirty.put(chunk, buffer);
        return buffer;
      }
    }
    return dirty.part(chunk, length);
  }

  /** Seals what is dirty; not a commit. */
  void flush() throws IOException {
    if (!dirty.isEmpty()) {
      stored.flush(dirty);
    }
  }

  /** The file is gone: discards its object with the commit to come, and all changes at once. */
  void drop() throws IOException {
    records.forgetChanges();
    dirty.removeFrom(0);
    reader.close();
    stored.drop();
  }

  @Override
  public void close() throws IOException {
    try {
      reader.close();
    } finally {
      stored.close();
    }
  }
}
