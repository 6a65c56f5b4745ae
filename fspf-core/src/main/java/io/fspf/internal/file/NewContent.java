package io.fspf.internal.file;

import io.fspf.internal.host.HostFile;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file that is taken in as a whole: protects it group by group, straight from the
 * clear source into the host file that is to keep it.
 *
 * <p>Thread-safe: groups may be protected in parallel, each with buffers of its own.
 */
public final class NewContent implements Closeable {
  private final FileKeys.Fresh key;
  private final ChunkProtector protector;
  private final HostFile source;
  private final @Nullable ContentStore store;
  private final long size;
  private final long maxUses;
  private final AtomicLong uses = new AtomicLong();
  private final AtomicLong end = new AtomicLong();
  private @Nullable HostFile stored;

  /**
   * Content that is to be protected under a fresh key.
   *
   * @param source the clear bytes; stays the caller's
   * @param store where the stored bytes go, or null where the source itself is what the host keeps
   * @param size of the source, in bytes
   */
  public NewContent(
      ContentServices services,
      FileKeys.Fresh key,
      HostFile source,
      @Nullable ContentStore store,
      long size)
      throws IOException {
    this.key = key;
    this.protector = services.keys().protector(key.identity(), key.storedKey());
    this.source = source;
    this.store = store;
    this.size = size;
    this.maxUses = services.limits().keyUses();
  }

  /** Room for one chunk on its way. For one thread at a time. */
  public static final class Buffers {
    private byte[] clear = {};
    private byte[] stored = {};

    private void reserve(int length) {
      if (clear.length < length + ChunkProtector.SPARE) {
        clear = new byte[length + ChunkProtector.SPARE];
        stored = new byte[length + ChunkProtector.SPARE];
      }
    }
  }

  /** How many chunks the content has, holes included. */
  public long chunks() {
    return (size + chunkSize() - 1) / chunkSize();
  }

  /** How many groups of chunks the content has. */
  public long groups() {
    return (chunks() + ChunkGroup.CHUNKS - 1) / ChunkGroup.CHUNKS;
  }

  private int chunkSize() {
    return key.identity().chunkSize();
  }

  private int lengthOf(long chunk) {
    return (int) Math.min(chunkSize(), size - chunk * chunkSize());
  }

  /**
   * Protects one group of chunks. Chunks of zeros become holes where the content is hidden.
   *
   * @param progress told the bytes of each chunk that is done; what it throws ends the work
   * @throws EOFException if the source is shorter than it was
   */
  public ChunkGroup protect(long group, Buffers buffers, LongConsumer progress) throws IOException {
    ChunkGroup result = ChunkGroup.empty(group, key.identity().integrity());
    long last = Math.min(chunks(), (group + 1) * ChunkGroup.CHUNKS);
    for (long chunk = group * ChunkGroup.CHUNKS; chunk < last; chunk++) {
      int length = read(chunk, buffers);
      boolean zeros = store != null && isZero(buffers.clear, length);
      if (!zeros || !key.identity().isEncrypted()) {
        byte[] target = key.identity().isEncrypted() ? buffers.stored : buffers.clear;
        byte[] record = protector.protect(chunk, buffers.clear, 0, length, target, 0);
        uses.incrementAndGet();
        if (!zeros) {
          write(chunk, target, length);
        }
        result = result.with(chunk, record, chunk);
      }
      progress.accept(length);
    }
    return result;
  }

  private int read(long chunk, Buffers buffers) throws IOException {
    int length = lengthOf(chunk);
    buffers.reserve(length);
    int got = source.read(chunk * chunkSize(), buffers.clear, 0, length);
    if (got < length) {
      throw new EOFException("The file has become shorter");
    }
    return length;
  }

  private static boolean isZero(byte[] bytes, int length) {
    // Compares the bytes with themselves, one further on: many at a time.
    return bytes[0] == 0 && Arrays.equals(bytes, 0, length - 1, bytes, 1, length);
  }

  private void write(long chunk, byte[] bytes, int length) throws IOException {
    ContentStore to = store;
    if (to == null) {
      return;
    }
    HostFile file;
    synchronized (this) {
      if (stored == null) {
        stored = to.create(key.identity());
      }
      file = stored;
    }
    long at = chunk * chunkSize();
    file.write(at, bytes, 0, length);
    end.accumulateAndGet(at + length, Math::max);
  }

  /**
   * What the record says of the content, once all groups are protected.
   *
   * @throws IOException if it took more chunks than one key may protect
   */
  public ContentState state() throws IOException {
    return state(uses.get(), end.get());
  }

  /**
   * What the record is to say of the content, before a group is protected: finds by reading
   * backwards where the last chunk stands that is not a hole.
   *
   * @param progress told of each chunk that was looked at, with 0 bytes
   */
  public ContentState announce(Buffers buffers, LongConsumer progress) throws IOException {
    if (!key.identity().isEncrypted()) {
      return state(chunks(), 0);
    }
    for (long chunk = chunks() - 1; chunk >= 0; chunk--) {
      int length = read(chunk, buffers);
      if (!isZero(buffers.clear, length)) {
        return state(chunk + 1, chunk * chunkSize() + length);
      }
      progress.accept(0);
    }
    return state(0, 0);
  }

  private ContentState state(long keyUses, long objectSize) throws IOException {
    if (keyUses > maxUses) {
      throw new IOException("The file has too many chunks for one key: choose a larger chunk size");
    }
    boolean hidden = key.identity().isEncrypted();
    return new ContentState(
        size,
        null,
        key.identity(),
        key.storedKey(),
        key.storedKey().length == 0 ? 0 : keyUses,
        hidden ? objectSize : 0);
  }

  /** Brings the host file to its length, once all groups are protected. */
  public void finish() throws IOException {
    ContentStore to = store;
    if (to == null || key.identity().isEncrypted()) {
      return;
    }
    HostFile file;
    synchronized (this) {
      if (stored == null) {
        stored = to.create(key.identity());
      }
      file = stored;
    }
    if (end.get() < size) {
      file.setSize(size);
    }
  }

  /** Whether there is a host file that has to be synced. */
  public synchronized boolean isStored() {
    return stored != null;
  }

  /** Makes the host file durable, and closes everything. */
  public void closeDurably() throws IOException {
    protector.close();
    HostFile file;
    synchronized (this) {
      file = stored;
      stored = null;
    }
    if (file != null) {
      file.closeDurably();
    }
  }

  /** Wipes the key and closes the host file. */
  @Override
  public void close() throws IOException {
    protector.close();
    synchronized (this) {
      if (stored != null) {
        stored.close();
      }
    }
  }
}
