package io.fspf.internal.file;

import io.fspf.IntegrityException;
import io.fspf.Protection;
import io.fspf.Region;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The content of one regular file of a protected region: what the last commit has of it, and the
 * changes since then. It stands in the file's record, or in chunks.
 *
 * <p>A change first stands in clear in memory. {@link #flush} seals it and writes it to the host;
 * {@link #freeze} hands it over for a commit. Writing bytes to the host is never a commit.
 *
 * <p>An encrypted file is copied on write, slot by slot, in one object file. An authenticated file
 * is replaced as a whole: its changes go to a staged copy, which {@code prepare} completes.
 *
 * <p>Thread-safe: readers share a lock that writers and {@code flush} take alone; neither is held
 * during an fsync.
 */
public final class FileContent implements Closeable {
  /** How often {@link #flush} goes through a file that others change meanwhile. */
  private static final int FLUSH_PASSES = 3;

  private static final long PAUSE_NANOS = 20_000;

  private final FileShape shape;
  private final ContentServices services;
  private final ContentStore store;
  private final GroupSource committed;
  private final LongSupplier epoch;
  private final Region region;
  private final int regionId;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  // All below is guarded by the lock. One of the first two is null.
  private byte @Nullable [] inline;
  private @Nullable ChunkedContent chunked;
  private boolean changed;

  /** What was handed over to a commit may not stand in the tree yet. */
  private boolean handedOver;

  /** Authenticated: there is no host file of an earlier state. */
  private boolean created;

  /** Set when the file was discarded: nothing of it is to be written any more. */
  private boolean dropped;

  private boolean closed;

  /**
   * Content as the last commit has it.
   *
   * @param inode for the cache
   * @param path the clear path, for exceptions
   * @param region for what is made anew
   * @param epoch the period between two commits to which a change belongs that is made now
   */
  public FileContent(
      long inode,
      String path,
      Region region,
      int regionId,
      ContentState state,
      GroupSource committed,
      ContentStore store,
      ContentServices services,
      LongSupplier epoch) {
    FileIdentity identity = state.identity();
    this.shape =
        new FileShape(
            inode,
            path,
            identity == null ? region.chunkSize() : identity.chunkSize(),
            state.size());
    this.region = region;
    this.regionId = regionId;
    this.services = services;
    this.store = store;
    this.committed = committed;
    this.epoch = epoch;
    this.inline = state.inline();
    this.chunked = identity == null ? null : chunked(state, identity);
  }

  private ChunkedContent chunked(ContentState state, FileIdentity identity) {
    var records = new ChunkRecords(committed, identity.integrity());
    StoredChunks stored =
        identity.isEncrypted()
            ? new ObjectChunks(shape, state, identity, records, store, services, epoch)
            : new PlainChunks(shape, state, identity, records, store, services);
    return new ChunkedContent(shape, services, records, stored);
  }

  /** The name under which exceptions speak of the file from now on. */
  public void setPath(String path) {
    shape.setPath(path);
  }

  /** The size in bytes, with all changes. */
  public long size() {
    lock.readLock().lock();
    try {
      return shape.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  // ------------------------------------------------------------------------------------------
  // reading

  /** As {@link io.fspf.VolumeFile#read}. */
  public int read(ByteBuffer into, long position) throws IOException {
    checkPosition(position);
    int start = into.position();
    lock.readLock().lock();
    try {
      if (!into.hasRemaining()) {
        return 0;
      }
      if (position >= shape.size()) {
        return -1;
      }
      int total = (int) Math.min(into.remaining(), shape.size() - position);
      if (inline != null) {
        into.put(inline, (int) position, total);
      } else {
        chunks().read(into, position, total);
      }
      return total;
    } catch (Throwable e) {
      into.position(start);
      throw e;
    } finally {
      lock.readLock().unlock();
    }
  }

  private static void checkPosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("Negative position");
    }
  }

  /** How many groups of chunks a content of this size can have. */
  public long groupCount() {
    lock.readLock().lock();
    try {
      return chunked == null ? 0 : (shape.size() + groupBytes() - 1) / groupBytes();
    } finally {
      lock.readLock().unlock();
    }
  }

  private long groupBytes() {
    return (long) shape.chunkSize() * ChunkGroup.CHUNKS;
  }

  /** Where a group begins, or the file's end where that comes before. */
  public long groupStart(long group) {
    lock.readLock().lock();
    try {
      return group >= groupCount() ? shape.size() : group * groupBytes();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * The first committed group from {@code from} on that stores a chunk, or -1.
   *
   * @throws IntegrityException if the records do not tell
   */
  public long nextCommittedGroup(long from) throws IOException {
    return committed.next(from);
  }

  /** Hears of violations. */
  public interface DamageListener {
    /** The bytes at the offset of the file are not the committed ones. */
    void damaged(long offset, String reason);
  }

  /**
   * Checks that the host's file is there and has the committed length.
   *
   * @param mayBeLonger whether a writer that did not finish may have left bytes behind the
   *     committed ones
   * @param damage told of the violation, if there is one
   * @return false if there is no file, so that there are no chunks to check
   */
  public boolean verifyHostFile(boolean mayBeLonger, DamageListener damage) throws IOException {
    lock.readLock().lock();
    try {
      checkHostSize(mayBeLonger);
      return true;
    } catch (IntegrityException e) {
      damage.damaged(e.offset().orElse(0), e.reason());
      return chunks().stored().openFile() != null;
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Checks every stored chunk of the groups {@code from} to {@code to - 1}.
   *
   * @param damage told the offset and reason of each violation
   * @param progress told the number of bytes checked, after every few chunks
   */
  public void verify(long from, long to, DamageListener damage, LongConsumer progress)
      throws IOException {
    lock.readLock().lock();
    try {
      ChunkedContent content = chunks();
      long checked =
          new ContentCheck(shape, services, content.records(), content.stored(), damage)
              .check(from, to, progress);
      // Holes.
      progress.accept(groupStart(to) - groupStart(from) - checked);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Compares the length of the host's file with the committed one.
   *
   * @param mayBeLonger whether a writer that did not finish may have left bytes behind the
   *     committed ones
   * @throws IntegrityException if it differs or if there is no file
   */
  public void checkHostSize(boolean mayBeLonger) throws IOException {
    if (chunked != null) {
      chunked.stored().checkHostSize(mayBeLonger);
    }
  }

  // ------------------------------------------------------------------------------------------
  // writing

  /** As {@link io.fspf.VolumeFile#write}. */
  public int write(ByteBuffer from, long position) throws IOException {
    checkPosition(position);
    lock.writeLock().lock();
    try {
      return writeLocked(from, position);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** As {@link io.fspf.VolumeFile#append}. */
  public long append(ByteBuffer from) throws IOException {
    lock.writeLock().lock();
    try {
      long end = shape.size();
      writeLocked(from, end);
      return end;
    } finally {
      lock.writeLock().unlock();
    }
  }

  private int writeLocked(ByteBuffer from, long position) throws IOException {
    int total = from.remaining();
    if (total == 0) {
      return 0;
    }
    long end = checkedSize(position, total);
    if (inline != null
        && end <= services.limits().inlineBytes()
        && region.protection() == Protection.ENCRYPTED) {
      byte[] grown = Arrays.copyOf(inline, (int) Math.max(end, shape.size()));
      from.get(grown, (int) position, total);
      inline = grown;
      shape.setSize(grown.length);
      changed = true;
      return total;
    }
    ChunkedContent content = inChunks();
    // First, since what fails here has changed nothing.
    content.extend(end);
    changed = true;
    content.write(from, position);
    return total;
  }

  /** As {@link io.fspf.VolumeFile#setSize}. */
  public void setSize(long newSize) throws IOException {
    if (newSize < 0) {
      throw new IllegalArgumentException("Negative size");
    }
    lock.writeLock().lock();
    try {
      if (newSize == shape.size()) {
        return;
      }
      changed = true;
      checkedSize(newSize, 0);
      if (inline != null && newSize <= services.limits().inlineBytes()) {
        inline = Arrays.copyOf(inline, (int) newSize);
        shape.setSize(newSize);
      } else if (newSize > shape.size()) {
        inChunks().extend(newSize);
      } else {
        inChunks().shrink(newSize);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private static long checkedSize(long position, int length) throws IOException {
    long end = position + length;
    // So that positions in an object file, too, stay below 2^63.
    if (end < 0 || end > Long.MAX_VALUE >> 1) {
      throw new IOException("A file has at most 2^62 bytes");
    }
    return end;
  }

  private ChunkedContent chunks() {
    if (chunked == null) {
      throw new IllegalStateException("The content is inline");
    }
    return chunked;
  }

  /**
   * The content in chunks, to be changed; one that was inline gets its identity, its key and a
   * first chunk.
   */
  private ChunkedContent inChunks() throws IOException {
    byte[] content = inline;
    if (content == null) {
      ChunkedContent present = chunks();
      present.stored().beforeChange();
      return present;
    }
    FileKeys.Fresh fresh = services.keys().create(regionId, region);
    var state = new ContentState(content.length, null, fresh.identity(), fresh.storedKey(), 0, 0);
    ChunkedContent made = chunked(state, fresh.identity());
    made.start(content);
    chunked = made;
    inline = null;
    return made;
  }

  /**
   * Seals what changed and writes it to the host; not a commit. Others may change the content in
   * between: then a little of it may be left.
   */
  public void flush() throws IOException {
    int passes = 0;
    do {
      for (long next = 0; next >= 0; ) {
        next = flushPart(next);
      }
    } while (isMuchDirty() && ++passes < FLUSH_PASSES);
  }

  /** Holds in memory only what was not written to the host. */
  public void releaseClean() {
    lock.writeLock().lock();
    try {
      if (chunked != null) {
        chunked.releaseClean();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private long flushPart(long from) throws IOException {
    lock.writeLock().lock();
    try {
      return chunked == null || dropped ? -1 : chunked.flush(from);
    } finally {
      lock.writeLock().unlock();
      if (lock.hasQueuedThreads()) {
        // The lock is not fair: who waits for it would wait until the last part is written.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private boolean isMuchDirty() {
    lock.readLock().lock();
    try {
      return chunked != null && chunked.dirtyBytes() > services.limits().fileDirtyBytes();
    } finally {
      lock.readLock().unlock();
    }
  }

  private void flushLocked() throws IOException {
    if (chunked != null && !dropped) {
      chunked.flush();
    }
  }

  // ------------------------------------------------------------------------------------------
  // commits

  /**
   * What a commit is to record of this file.
   *
   * @param state for its record
   * @param groups the chunk groups that changed, empty ones to be removed
   * @param staged authenticated: the file now stands in a staged copy, which the commit must
   *     publish
   * @param hostFile what must be durable before the commit is; null if nothing
   */
  public record Frozen(
      ContentState state,
      Map<Long, ChunkGroup> groups,
      boolean staged,
      @Nullable HostFileToSync hostFile) {}

  /** A host file that a commit is to make durable, also if the content lets go of it meanwhile. */
  public static final class HostFileToSync implements Closeable {
    private final ChunkFile file;

    private HostFileToSync(ChunkFile file) {
      this.file = file.retain();
    }

    /** Returns when all that was written is durable. A failure is final. */
    public void sync() throws IOException {
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Whether a commit has something to record of this file. */
  public boolean isChanged() {
    lock.readLock().lock();
    try {
      return changed;
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Brings the host file to the state that is to be committed. What can fail fails here, and leaves
   * the content as it was.
   */
  public void prepare() throws IOException {
    lock.writeLock().lock();
    try {
      flushLocked();
      if (changed && chunked != null && chunked.stored().prepare()) {
        created = false;
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Hands over all changes to the commit of the present epoch, after {@link #prepare}. The caller
   * sees to it that nobody writes meanwhile, and puts the groups into the tree, and calls {@link
   * #recorded}, before anybody writes again.
   */
  public Frozen freeze() throws IOException {
    lock.writeLock().lock();
    try {
      return freezeLocked();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * The same for changes of a content that stands whole in the file's record, while others may
   * write.
   *
   * @return null if it does not stand there, or if nothing changed
   */
  public @Nullable Frozen freezeInline() throws IOException {
    lock.writeLock().lock();
    try {
      return changed && inline != null ? freezeLocked() : null;
    } finally {
      lock.writeLock().unlock();
    }
  }

  private Frozen freezeLocked() throws IOException {
    Frozen frozen = inline != null ? frozen(inline) : frozen(chunks());
    handedOver = true;
    changed = false;
    return frozen;
  }

  private static Frozen frozen(byte[] content) {
    return new Frozen(ContentState.inline(content), Map.of(), false, null);
  }

  private Frozen frozen(ChunkedContent content) throws IOException {
    StoredChunks stored = content.stored();
    boolean staged = stored.freeze();
    ChunkFile file = stored.openFile();
    return new Frozen(
        stored.state(),
        content.records().handOver(),
        staged,
        file == null ? null : new HostFileToSync(file));
  }

  /** What was handed over stands in the tree. */
  public void recorded() {
    lock.writeLock().lock();
    try {
      handedOver = false;
      if (chunked != null) {
        chunked.records().recorded();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Whether the whole content stands in the file's record. */
  public boolean isInline() {
    lock.readLock().lock();
    try {
      return inline != null;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** A commit has to record the content once more. */
  public void markChanged() {
    lock.writeLock().lock();
    try {
      changed = true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** A new file: even without content a commit has to record it. */
  public void markCreated() {
    lock.writeLock().lock();
    try {
      changed = true;
      created = true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Makes durable what was written to the host; not under the lock, since it takes long. */
  public void sync() throws IOException {
    ChunkFile present;
    lock.readLock().lock();
    try {
      ChunkFile open = chunked == null ? null : chunked.stored().openFile();
      present = open == null ? null : open.retain();
    } finally {
      lock.readLock().unlock();
    }
    if (present != null) {
      try (present) {
        present.sync();
      }
    }
  }

  /**
   * The commit of this epoch is durable and published, and no snapshot is older: slots that it let
   * go become free, and the object file ends where the last slot in use ends.
   */
  public void reclaim(long durableEpoch) throws IOException {
    lock.writeLock().lock();
    try {
      if (chunked != null && !dropped) {
        chunked.stored().reclaim(durableEpoch, chunked.isFlushed());
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Opens the host file of an authenticated file, so that it can be read when its name is gone. */
  public void pin() throws IOException {
    lock.readLock().lock();
    try {
      // Whoever had it open may close it at any moment: then there is nobody to keep it for.
      if (!closed && chunked != null && chunked.stored() instanceof PlainChunks plain && !created) {
        plain.file();
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether closing this would forget something that a commit still needs. */
  public boolean isBusy() {
    lock.readLock().lock();
    try {
      return changed || handedOver || (chunked != null && chunked.stored().isBusy());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether the host file was cut, and that is not known to be durable. */
  public boolean isUnsynced() {
    lock.readLock().lock();
    try {
      ChunkFile open = chunked == null ? null : chunked.stored().openFile();
      return open != null && open.isUnsynced();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The file is gone: discards its object with the commit to come, and all changes at once. */
  public void drop() throws IOException {
    lock.writeLock().lock();
    try {
      dropped = true;
      changed = false;
      if (chunked != null) {
        chunked.drop();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Lets go of keys and host files, for good. */
  @Override
  public void close() throws IOException {
    lock.writeLock().lock();
    try {
      closed = true;
      if (chunked != null) {
        chunked.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
