package io.fspf.internal.file;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of one file that are held in clear because it is changed: dirty ones, which were not
 * sealed yet, and clean ones, which were and may be changed again before long.
 *
 * <p>Some are full: they were written from their first byte to their last, in that order. Who
 * writes so goes on behind them, as a rule, so that there is no use in holding them.
 *
 * <p>Guarded by the content's lock; look-ups may share it.
 */
final class HeldChunks {
  private final FileShape shape;
  private final ContentServices services;
  private final Map<Long, Chunk> chunks = new HashMap<>();
  private final TreeMap<Long, Chunk> dirty = new TreeMap<>();
  private int full;

  HeldChunks(FileShape shape, ContentServices services) {
    this.shape = shape;
    this.services = services;
  }

  private static final class Chunk {
    private byte[] bytes;
    private boolean dirty;

    /** So many bytes from the first one on were written without a gap. */
    private int filled;

    Chunk(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private boolean isFull(Chunk chunk) {
    return chunk.filled == shape.chunkSize();
  }

  // ------------------------------------------------------------------------------------------
  // all of them

  boolean contains(long chunk) {
    return !chunks.isEmpty() && chunks.containsKey(chunk);
  }

  /** The chunk's bytes, perhaps with room behind them; null if it is not here. */
  byte @Nullable [] get(long chunk) {
    Chunk there = chunks.isEmpty() ? null : chunks.get(chunk);
    return there == null ? null : there.bytes;
  }

  /** The chunks from {@code first} on are no more. */
  void removeFrom(long first) {
    dirty.tailMap(first).clear();
    chunks
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = entry.getKey() >= first;
              if (gone) {
                letGo(entry.getValue());
              }
              return gone;
            });
  }

  /** Holds the clean ones no longer. */
  void removeClean() {
    chunks
        .entrySet()
        .removeIf(
            entry -> {
              Chunk chunk = entry.getValue();
              if (!chunk.dirty) {
                letGo(chunk);
              }
              return !chunk.dirty;
            });
  }

  private void letGo(Chunk chunk) {
    full -= isFull(chunk) ? 1 : 0;
    services.addHeld(-shape.chunkSize());
    services.buffers().give(chunk.bytes);
  }

  // ------------------------------------------------------------------------------------------
  // changes

  /**
   * The buffer of a chunk that is about to be set as a whole. What is in a fresh one is of no
   * meaning.
   */
  byte[] whole(long chunk, int length) {
    Chunk there = chunks.get(chunk);
    if (there == null) {
      return put(chunk, allocate(length));
    }
    if (there.bytes.length < length) {
      there.bytes = allocate(length);
    }
    return dirtied(chunk, there);
  }

  /**
   * The buffer of a chunk with room for {@code length} bytes; those that were never set are zero.
   */
  byte[] part(long chunk, int length) {
    Chunk there = chunks.get(chunk);
    if (there == null) {
      byte[] fresh = allocate(length);
      Arrays.fill(fresh, (byte) 0);
      return put(chunk, fresh);
    }
    if (there.bytes.length < length) {
      int room = Math.min(shape.chunkSize(), Math.max(length, 2 * there.bytes.length));
      there.bytes = Arrays.copyOf(there.bytes, room);
    }
    return dirtied(chunk, there);
  }

  private byte[] dirtied(long chunk, Chunk there) {
    if (!there.dirty) {
      there.dirty = true;
      dirty.put(chunk, there);
    }
    return there.bytes;
  }

  /**
   * A buffer for a chunk, with anything in it. A short chunk, the last of a small file as a rule,
   * gets no more than it needs.
   */
  byte[] allocate(int length) {
    return length == shape.chunkSize() ? services.buffers().take(length) : new byte[length];
  }

  /** Makes a chunk dirty that was not here. */
  byte[] put(long chunk, byte[] bytes) {
    var fresh = new Chunk(bytes);
    chunks.put(chunk, fresh);
    services.addHeld(shape.chunkSize());
    return dirtied(chunk, fresh);
  }

  /** Bytes of a chunk that is here were written. */
  void written(long chunk, int from, int count) {
    Chunk there = chunks.get(chunk);
    if (there != null && from <= there.filled && from + count > there.filled) {
      there.filled = from + count;
      full += isFull(there) ? 1 : 0;
    }
  }

  // ------------------------------------------------------------------------------------------
  // dirty ones

  boolean isDirty(long chunk) {
    return dirty.containsKey(chunk);
  }

  int dirtyCount() {
    return dirty.size();
  }

  /** How much is full, in bytes. */
  long fullBytes() {
    return (long) full * shape.chunkSize();
  }

  /** The first dirty one from {@code from} on, or the first that is full as well; or -1. */
  long next(long from, boolean onlyFull) {
    for (Map.Entry<Long, Chunk> entry : dirty.tailMap(from).entrySet()) {
      if (!onlyFull || isFull(entry.getValue())) {
        return entry.getKey();
      }
    }
    return -1;
  }

  /** Dirty chunks that stand in a row, from this one on: as many as {@code max}. */
  byte[][] row(long first, int max, boolean onlyFull) {
    int count = 0;
    var row = new byte[max][];
    for (Map.Entry<Long, Chunk> entry : dirty.tailMap(first).entrySet()) {
      Chunk chunk = entry.getValue();
      if (count == max || entry.getKey() != first + count || (onlyFull && !isFull(chunk))) {
        break;
      }
      row[count++] = chunk.bytes;
    }
    return Arrays.copyOf(row, count);
  }

  /** A dirty chunk was sealed, and stands on the host. */
  void sealed(long chunk) {
    Chunk there = dirty.remove(chunk);
    if (there == null) {
      return;
    }
    there.dirty = false;
    if (isFull(there)) {
      chunks.remove(chunk);
      letGo(there);
    }
  }
}
