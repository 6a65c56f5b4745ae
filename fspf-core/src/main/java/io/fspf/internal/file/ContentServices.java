package io.fspf.internal.file;

import io.fspf.internal.crypto.CryptoContext;
import java.util.concurrent.atomic.AtomicLong;

/** What the contents of all files of a volume share. Thread-safe. */
public final class ContentServices {
  private static final long MAX_IDLE_BUFFERS = 8 << 20;

  private static final long MAX_READ_AHEAD = 16 << 20;

  /** With a small cache, or none, changes are gathered all the same, in bytes. */
  private static final long MIN_HELD = 8 << 20;

  /** The cache is made smaller and larger in steps of so many bytes. */
  private static final long HELD_STEP = 1 << 20;

  private final CryptoContext crypto;
  private final FileKeys keys;
  private final ChunkCache cache;
  private final ContentLimits limits;
  private final long cacheBytes;
  private final long maxHeldBytes;
  private final AtomicLong heldBytes = new AtomicLong();
  private final AtomicLong readAheadBytes = new AtomicLong();
  private final BufferPool buffers = new BufferPool(MAX_IDLE_BUFFERS);

  /**
   * For one volume.
   *
   * @param crypto engines, randomness
   * @param keys makes and opens file keys
   * @param cacheBytes of chunks that are cached or held, up to three quarters of it held
   * @param limits how much may be held and sealed
   */
  public ContentServices(
      CryptoContext crypto, FileKeys keys, long cacheBytes, ContentLimits limits) {
    this.crypto = crypto;
    this.keys = keys;
    this.cache = new ChunkCache(cacheBytes);
    this.cacheBytes = cacheBytes;
    this.limits = limits;
    this.maxHeldBytes = Math.min(limits.volumeHeldBytes(), Math.max(MIN_HELD, cacheBytes / 4 * 3));
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

  /** So many bytes more are held in chunks that are or were changed; the cache gets the rest. */
  void addHeld(int bytes) {
    long now = heldBytes.addAndGet(bytes);
    long steps = steps(now);
    if (steps != steps(now - bytes)) {
      cache.setMaxBytes(Math.max(0, cacheBytes - steps * HELD_STEP));
    }
  }

  private static long steps(long bytes) {
    return (bytes + HELD_STEP - 1) / HELD_STEP;
  }

  /** Whether so much is held that clean chunks are to be released. */
  public boolean mustUnload() {
    return heldBytes.get() > maxHeldBytes;
  }

  /** Whether so much is left then that dirty ones are to be written. */
  public boolean mustWrite() {
    return heldBytes.get() > maxHeldBytes / 2;
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
