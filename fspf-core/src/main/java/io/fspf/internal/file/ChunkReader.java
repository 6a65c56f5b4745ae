package io.fspf.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Brings the bytes of one file's chunks to whoever reads them.
 *
 * <p>A chunk is looked for among the changed ones, in what was read ahead, and in the volume's
 * cache. Whole chunks come straight from the host into the caller's array, neighbours in one call,
 * and many of them with the helpers' help; they do not go through the cache, where they would
 * displace what is read in small parts.
 *
 * <p>Under the content's lock, which readers share.
 */
final class ChunkReader implements ReadAhead.Source {
  /** From this many bytes on, one read is worth the help of others. */
  private static final int SHARED_BYTES = 512 << 10;

  private static final int MAX_TASKS = 16;

  private final FileShape shape;
  private final ContentServices services;
  private final HeldChunks held;
  private final ChunkRecords records;
  private final StoredChunks stored;
  private final ReadAhead readAhead;

  ChunkReader(
      FileShape shape,
      ContentServices services,
      HeldChunks held,
      ChunkRecords records,
      StoredChunks stored) {
    this.shape = shape;
    this.services = services;
    this.held = held;
    this.records = records;
    this.stored = stored;
    this.readAhead = new ReadAhead(shape, services);
  }

  /** Reads bytes that lie within the file. */
  void read(ByteBuffer into, long position, int total) throws IOException {
    if (!isShared(into, total)) {
      readAhead.note(position, total, this);
    }
    for (int done = 0; done < total; ) {
      done += readPart(into, position + done, total - done);
    }
  }

  private boolean isShared(ByteBuffer into, int total) {
    return total >= SHARED_BYTES && into.hasArray() && services.helpers().exist();
  }

  /** Reads at least up to the end of one chunk. */
  private int readPart(ByteBuffer into, long position, int wanted) throws IOException {
    long chunk = position / shape.chunkSize();
    int within = (int) (position % shape.chunkSize());
    int length = shape.length(chunk);
    int count = Math.min(wanted, length - within);
    byte[] present = held.get(chunk);
    if (present != null) {
      into.put(present, within, count);
      return count;
    }
    ChunkGroup group = records.groupOf(chunk);
    if (!group.has(chunk)) {
      putZeros(into, count);
      return count;
    }
    if (readAhead.isAhead()) {
      int unchanged = count < length ? count : shape.length(chunk, row(group, chunk, wanted));
      int delivered =
          readAhead.deliver(stored.source(chunk), group, chunk, length, within, unchanged, into);
      if (delivered > 0) {
        return delivered;
      }
    }
    byte[] cached = peek(group, chunk);
    if (cached != null) {
      into.put(cached, within, count);
      return count;
    }
    if (count < length) {
      into.put(load(group, chunk, length), within, count);
      return count;
    }
    return isShared(into, wanted)
        ? readTogether(into, chunk, wanted)
        : readRow(into, group, chunk, wanted);
  }

  private static void putZeros(ByteBuffer into, int count) {
    if (into.hasArray()) {
      int at = into.arrayOffset() + into.position();
      Arrays.fill(into.array(), at, at + count, (byte) 0);
      into.position(into.position() + count);
    } else {
      into.put(new byte[count]);
    }
  }

  /** How many chunks from a stored one on lie whole in so many bytes and can be read together. */
  private int row(ChunkGroup group, long chunk, int bytes) throws IOException {
    int most = bytes / shape.chunkSize();
    if (bytes % shape.chunkSize() != 0 && chunk * shape.chunkSize() + bytes == shape.size()) {
      most++;
    }
    int count = stored.row(group, chunk, most);
    for (int i = 1; i < count; i++) {
      if (held.contains(chunk + i)) {
        return i;
      }
    }
    return count;
  }

  private int readRow(ByteBuffer into, ChunkGroup group, long chunk, int wanted)
      throws IOException {
    int count = row(group, chunk, wanted);
    int length = shape.length(chunk, count);
    ChunkFile file = stored.source(chunk);
    if (into.hasArray()) {
      int at = into.arrayOffset() + into.position();
      file.read(shape.path(), group, chunk, length, into.array(), at);
      into.position(into.position() + length);
    } else {
      byte[] clear = file.read(shape.path(), group, chunk, length);
      into.put(clear, 0, length);
      services.buffers().give(clear);
    }
    return length;
  }

  /** Reads as many whole chunks as there are, by several threads, into the caller's array. */
  private int readTogether(ByteBuffer into, long first, int wanted) throws IOException {
    List<FutureTask<Integer>> tasks = new ArrayList<>();
    int start = into.arrayOffset() + into.position();
    byte[] array = into.array();
    int planned = 0;
    long chunk = first;
    while (planned < wanted && tasks.size() < MAX_TASKS) {
      ChunkGroup group = records.groupOf(chunk);
      int count =
          group.has(chunk) && !held.contains(chunk) ? row(group, chunk, wanted - planned) : 0;
      if (count == 0) {
        break;
      }
      int length = shape.length(chunk, count);
      long from = chunk;
      int at = start + planned;
      ChunkFile file = stored.source(chunk);
      tasks.add(
          new FutureTask<>(
              () -> {
                file.read(shape.path(), group, from, length, array, at);
                return length;
              }));
      planned += length;
      chunk += count;
    }
    services.helpers().complete(tasks);
    for (FutureTask<Integer> task : tasks) {
      into.position(into.position() + Helpers.outcome(task));
    }
    return planned;
  }

  private byte @Nullable [] peek(ChunkGroup group, long chunk) {
    return services
        .cache()
        .peek(
            shape.inode(), chunk, group.records(), group.recordOffset(chunk), group.recordLength());
  }

  /** A stored chunk, which is not to be changed. */
  private byte[] load(ChunkGroup group, long chunk, int length) throws IOException {
    return services
        .cache()
        .get(
            shape.inode(),
            chunk,
            group.record(chunk),
            () -> {
              var clear = new byte[length];
              stored.source(chunk).read(shape.path(), group, chunk, length, clear, 0);
              return clear;
            });
  }

  /** Puts the present bytes of a stored chunk into a buffer, to be changed. */
  void readForChange(ChunkGroup group, long chunk, int length, byte[] into) throws IOException {
    byte[] cached = peek(group, chunk);
    if (cached != null) {
      System.arraycopy(cached, 0, into, 0, length);
      // It stands in memory twice now, and this one is about to be an old version.
      services.cache().remove(shape.inode(), chunk);
    } else {
      stored.source(chunk).read(shape.path(), group, chunk, length, into, 0);
    }
  }

  @Override
  public int row(long chunk) throws IOException {
    long left = shape.size() - chunk * shape.chunkSize();
    if (left <= 0 || held.contains(chunk)) {
      return 0;
    }
    ChunkGroup group = records.groupOf(chunk);
    return group.has(chunk) ? row(group, chunk, (int) Math.min(left, SHARED_BYTES)) : 0;
  }

  @Override
  public ChunkGroup groupOf(long chunk) throws IOException {
    return records.groupOf(chunk);
  }

  @Override
  public ChunkFile fileOf(long chunk) throws IOException {
    return stored.source(chunk);
  }

  /** Lets go of what was read ahead. */
  void close() {
    readAhead.close();
  }
}
