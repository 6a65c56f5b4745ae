package io.fspf.internal.file;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The changed chunks of one file that were not sealed yet, in clear.
 *
 * <p>Guarded by the content's lock; look-ups may share it.
 */
final class DirtyChunks {
  private final FileShape shape;
  private final ContentServices services;
  private final TreeMap<Long, byte[]> chunks = new TreeMap<>();

  DirtyChunks(FileShape shape, ContentServices services) {
    this.shape = shape;
    this.services = services;
  }

  boolean isEmpty() {
    return chunks.isEmpty();
  }

  int count() {
    return chunks.size();
  }

  /** What they are taken to weigh, in bytes. */
  long bytes() {
    return (long) chunks.size() * shape.chunkSize();
  }

  boolean contains(long chunk) {
    return !chunks.isEmpty() && chunks.containsKey(chunk);
  }

  /** The chunk's bytes, perhaps with room behind them; null if it is not here. */
  byte @Nullable [] get(long chunk) {
    return chunks.isEmpty() ? null : chunks.get(chunk);
  }

  /** The first one from {@code from} on, or null. */
  @Nullable Long next(long from) {
    return chunks.ceilingKey(from);
  }

  /**
   * The buffer of a chunk that is about to be set as a whole. What is in a fresh one is of no
   * meaning.
   */
  byte[] whole(long chunk, int length) {
    byte[] there = chunks.get(chunk);
    if (there != null && there.length >= length) {
      return there;
    }
    byte[] fresh = allocate(length);
    put(chunk, fresh);
    return fresh;
  }

  /**
   * The buffer of a chunk with room for {@code length} bytes; those that were never set are zero.
   */
  byte[] part(long chunk, int length) {
    byte[] there = chunks.get(chunk);
    if (there == null) {
      byte[] fresh = allocate(length);
      Arrays.fill(fresh, (byte) 0);
      put(chunk, fresh);
      return fresh;
    }
    if (there.length < length) {
      int room = Math.min(shape.chunkSize(), Math.max(length, 2 * there.length));
      byte[] grown = Arrays.copyOf(there, room);
      put(chunk, grown);
      return grown;
    }
    return there;
  }

  /**
   * A buffer for a chunk, with anything in it. A short chunk, the last of a small file as a rule,
   * gets no more than it needs.
   */
  byte[] allocate(int length) {
    return length == shape.chunkSize() ? services.buffers().take(length) : new byte[length];
  }

  /** Makes a chunk dirty, or gives it another buffer. */
  void put(long chunk, byte[] bytes) {
    if (chunks.put(chunk, bytes) == null) {
      services.dirtyBytes().addAndGet(shape.chunkSize());
    }
  }

  /** The chunk is not dirty any more. */
  void remove(long chunk) {
    byte[] bytes = chunks.remove(chunk);
    if (bytes != null) {
      services.dirtyBytes().addAndGet(-shape.chunkSize());
      services.buffers().give(bytes);
    }
  }

  /** The chunks from {@code first} on are no more. */
  void removeFrom(long first) {
    while (!chunks.isEmpty() && chunks.lastKey() >= first) {
      remove(chunks.lastKey());
    }
  }

  /** Chunks that stand in a row, from a dirty one on: as many as {@code max}. */
  byte[][] row(long first, int max) {
    int count = 0;
    var row = new byte[max][];
    for (Map.Entry<Long, byte[]> entry : chunks.tailMap(first).entrySet()) {
      if (count == max || entry.getKey() != first + count) {
        break;
      }
      row[count++] = entry.getValue();
    }
    return Arrays.copyOf(row, count);
  }
}
