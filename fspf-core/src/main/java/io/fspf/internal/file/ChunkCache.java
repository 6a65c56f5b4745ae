package io.fspf.internal.file;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Verified chunks of all files of a volume, bounded in bytes.
 *
 * <p>A chunk is cached together with its record, so that a lookup for another version of the chunk
 * (a snapshot's, or a newer one) never finds it. Loads run in the thread that asks, outside the
 * map's locks; whoever asks for the same chunk meanwhile waits for that one load. A failed load
 * leaves nothing behind.
 *
 * <p>Thread-safe.
 */
public final class ChunkCache {
  /** What the entry itself, with its key and record, is taken to weigh. */
  private static final int OVERHEAD = 200;

  private record Key(long inode, long chunk) {}

  /** Clear bytes and the record they were verified against; neither is ever changed. */
  record Chunk(byte[] record, byte[] clear) {}

  /** Brings a chunk from the host. */
  interface Loader {
    byte[] load() throws IOException;
  }

  private final AsyncCache<Key, Chunk> chunks;

  /** A cache of at most {@code maxBytes}; of none where that is 0. */
  public ChunkCache(long maxBytes) {
    this.chunks =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(maxBytes)
            .weigher((Key key, Chunk chunk) -> chunk.clear().length + OVERHEAD)
            .buildAsync();
  }

  /** The chunk, if this very version of it is here. */
  byte @Nullable [] peek(
      long inode, long chunk, byte[] records, int recordOffset, int recordLength) {
    CompletableFuture<Chunk> future = chunks.getIfPresent(new Key(inode, chunk));
    if (future == null || !future.isDone() || future.isCompletedExceptionally()) {
      return null;
    }
    Chunk found = future.join();
    boolean same =
        Arrays.equals(
            found.record(), 0, recordLength, records, recordOffset, recordOffset + recordLength);
    return same ? found.clear() : null;
  }

  /** The chunk, from here or by the loader. */
  byte[] get(long inode, long chunk, byte[] record, Loader loader) throws IOException {
    var key = new Key(inode, chunk);
    while (true) {
      var own = new CompletableFuture<Chunk>();
      CompletableFuture<Chunk> there = chunks.asMap().putIfAbsent(key, own);
      if (there == null) {
        return load(own, record, loader);
      }
      Chunk found;
      try {
        found = there.join();
      } catch (CancellationException e) {
        // Another thread's load failed: ours may not, and if it does the exception is our own.
        chunks.asMap().remove(key, there);
        continue;
      }
      if (Arrays.equals(found.record(), record)) {
        return found.clear();
      }
      chunks.asMap().remove(key, there);
    }
  }

  /** Nobody will look for the chunk before long. */
  void remove(long inode, long chunk) {
    chunks.asMap().remove(new Key(inode, chunk));
  }

  private static byte[] load(CompletableFuture<Chunk> own, byte[] record, Loader loader)
      throws IOException {
    try {
      byte[] clear = loader.load();
      own.complete(new Chunk(record, clear));
      return clear;
    } catch (Throwable e) {
      // Not with the exception: the cache would log it, and whoever waits makes an attempt anyway.
      own.cancel(false);
      throw e;
    }
  }

  /** From now on at most so many bytes. */
  void setMaxBytes(long bytes) {
    chunks.synchronous().policy().eviction().orElseThrow().setMaximum(bytes);
  }

  /** Lets go of everything. */
  public void clear() {
    chunks.synchronous().invalidateAll();
  }
}
