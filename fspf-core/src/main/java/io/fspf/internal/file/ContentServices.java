package io.fspf.internal.file;

import io.fspf.internal.crypto.CryptoContext;
import java.util.concurrent.atomic.AtomicLong;

/** What the contents of all files of a volume share. Thread-safe. */
public final class ContentServices {
  private static final long MAX_IDLE_BUFFERS = 8 << 20;

  private static final long MAX_READ_AHEAD = 16 << 20;

  private final CryptoContext crypto;
  private final FileKeys keys;
  private final ChunkCache cache;
  private final ContentLimits limits;
  private final AtomicLong dirtyBytes = new AtomicLong();
  private final AtomicLong readAheadBytes = new AtomicLong();
  private final BufferPool buffers = new BufferPool(MAX_IDLE_BUFFERS);

  /**
   * For one volume.
   *
   * @param crypto engines, randomness
   * @param keys makes and opens file keys
   * @param cache verified chunks
   * @param limits how much may be held and sealed
   */
  public ContentServices(
      CryptoContext crypto, FileKeys keys, ChunkCache cache, ContentLimits limits) {
    this.crypto = crypto;
    this.keys = keys;
    this.cache = cache;
    this.limits = limits;
  }

  /** Engines, randomness. */
  public CryptoContext crypto() {
    return crypto;
  }

  /** Makes and opens file keys. */
  public FileKeys keys() {
    return keys;
  }

  /** Verified chunks. */
  public ChunkCache cache() {
    return cache;
  }

  /** How much may be held and sealed. */
  public ContentLimits limits() {
    return limits;
  }

  /** How much is held at the moment in changes that were not written yet, over all files. */
  public AtomicLong dirtyBytes() {
    return dirtyBytes;
  }

  /** How much is held at the moment because it was read ahead, over all files. */
  AtomicLong readAheadBytes() {
    return readAheadBytes;
  }

  /** Whether there is room for more. */
  boolean mayReadAhead() {
    return readAheadBytes.get() < MAX_READ_AHEAD;
  }

  BufferPool buffers() {
    return buffers;
  }

  Helpers helpers() {
    return limits.helped() ? Helpers.shared() : Helpers.NONE;
  }
}
