package io.fspf.internal.file;

import io.fspf.IntegrityException;
import io.fspf.Region;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * during an fsync. This class is about the lock; what is done under it is that of {@link
 * ContentBody}.
 */
public final class FileContent implements Closeable {
  /** How often {@link #flush} goes through a file that others change meanwhile. */
  private static final int FLUSH_PASSES = 3;

  private static final long PAUSE_NANOS = 20_000;

  private final FileShape shape;
  private final ContentServices services;
  private final GroupSource committed;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** Guarded by the lock. */
  private final ContentBody body;

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
    this.services = services;
    this.committed = committed;
    this.body = new ContentBody(shape, region, regionId, state, committed, store, services, epoch);
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
  // the lock

  private interface Work<R, E extends Exception> {
    R run() throws E;
  }

  private interface Change<E extends Exception> {
    void run() throws E;
  }

  private <R, E extends Exception> R shared(Work<R, E> work) throws E {
    lock.readLock().lock();
    try {
      return work.run();
    } finally {
      lock.readLock().unlock();
    }
  }

  private <E extends Exception> void change(Change<E> change) throws E {
    lock.writeLock().lock();
    try {
      change.run();
    } finally {
      lock.writeLock().unlock();
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
      return body.read(into, position);
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
    return shared(() -> body.isInline() ? 0 : (shape.size() + groupBytes() - 1) / groupBytes());
  }

  private long groupBytes() {
    return (long) shape.chunkSize() * ChunkGroup.CHUNKS;
  }

  /** Where a group begins, or the file's end where that comes before. */
  public long groupStart(long group) {
    return shared(() -> group >= groupCount() ? shape.size() : group * groupBytes());
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
      return body.openFile() != null;
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
      ChunkedContent content = body.chunks();
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
    ChunkedContent content = body.chunkedOrNull();
    if (content != null) {
      content.stored().checkHostSize(mayBeLonger);
    }
  }

  // ------------------------------------------------------------------------------------------
  // writing

  /** As {@link io.fspf.VolumeFile#write}. */
  public int write(ByteBuffer from, long position) throws IOException {
    checkPosition(position);
    lock.writeLock().lock();
    try {
      return body.write(from, position);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** As {@link io.fspf.VolumeFile#append}. */
  public long append(ByteBuffer from) throws IOException {
    lock.writeLock().lock();
    try {
      long end = shape.size();
      body.write(from, end);
      return end;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** As {@link io.fspf.VolumeFile#setSize}. */
  public void setSize(long newSize) throws IOException {
    if (newSize < 0) {
      throw new IllegalArgumentException("Negative size");
    }
    change(() -> body.setSize(newSize));
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
    change(body::releaseClean);
  }

  private long flushPart(long from) throws IOException {
    lock.writeLock().lock();
    try {
      return body.flush(from);
    } finally {
      lock.writeLock().unlock();
      if (lock.hasQueuedThreads()) {
        // The lock is not fair: who waits for it would wait until the last part is written.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private boolean isMuchDirty() {
    return shared(body::isMuchDirty);
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

    HostFileToSync(ChunkFile file) {
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
    return shared(body::isChanged);
  }

  /**
   * Brings the host file to the state that is to be committed. What can fail fails here, and leaves
   * the content as it was.
   */
  public void prepare() throws IOException {
    change(body::prepare);
  }

  /**
   * Hands over all changes to the commit of the present epoch, after {@link #prepare}. The caller
   * sees to it that nobody writes meanwhile, and puts the groups into the tree, and calls {@link
   * #recorded}, before anybody writes again.
   */
  public Frozen freeze() throws IOException {
    lock.writeLock().lock();
    try {
      return body.freeze();
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
      return body.isChanged() && body.isInline() ? body.freeze() : null;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** What was handed over stands in the tree. */
  public void recorded() {
    change(body::recorded);
  }

  /** Whether the whole content stands in the file's record. */
  public boolean isInline() {
    return shared(body::isInline);
  }

  /** A commit has to record the content once more. */
  public void markChanged() {
    change(body::markChanged);
  }

  /** A new file: even without content a commit has to record it. */
  public void markCreated() {
    change(body::markCreated);
  }

  /** Makes durable what was written to the host; not under the lock, since it takes long. */
  public void sync() throws IOException {
    ChunkFile present;
    lock.readLock().lock();
    try {
      ChunkFile open = body.openFile();
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
    change(() -> body.reclaim(durableEpoch));
  }

  /** Opens the host file of an authenticated file, so that it can be read when its name is gone. */
  public void pin() throws IOException {
    lock.readLock().lock();
    try {
      body.pin();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether closing this would forget something that a commit still needs. */
  public boolean isBusy() {
    return shared(body::isBusy);
  }

  /** Whether the host file was cut, and that is not known to be durable. */
  public boolean isUnsynced() {
    lock.readLock().lock();
    try {
      ChunkFile open = body.openFile();
      return open != null && open.isUnsynced();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The file is gone: discards its object with the commit to come, and all changes at once. */
  public void drop() throws IOException {
    change(body::drop);
  }

  /** Lets go of keys and host files, for good. */
  @Override
  public void close() throws IOException {
    change(body::close);
  }
}
