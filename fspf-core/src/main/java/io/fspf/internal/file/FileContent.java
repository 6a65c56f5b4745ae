package io.fspf.internal.file;

import io.fspf.IntegrityException;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.internal.host.HostFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The content of one regular file of a protected region: committed chunks below, changes above
 * them.
 *
 * <p>A change first stands in clear in {@code dirty}, one buffer to a chunk. {@link #flush} seals
 * it into a free slot; its record then stands in {@code groups} until {@link #freeze} hands it over
 * for a commit. A chunk is looked for in that order. Writing bytes to the host is never a commit.
 *
 * <p>An encrypted file is copied on write, slot by slot, in one object file. An authenticated file
 * is replaced as a whole: its changes go to a staged copy, which {@code freeze} completes.
 *
 * <p>Thread-safe: readers share a lock that writers and {@code flush} take alone; neither is held
 * during an fsync.
 */
public final class FileContent implements Closeable {
  private final long inode;
  private final ContentServices services;
  private final ContentStore store;
  private final GroupSource committed;
  private final LongSupplier epoch;
  private final Region region;
  private final int regionId;
  private volatile String path;

  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  // All below is guarded by the lock, but for groups, which readers fill as well.
  private long size;
  private byte @Nullable [] inline;
  private @Nullable FileIdentity identity;
  private byte[] storedKey;
  private long keyUses;
  private long objectSize;
  private final TreeMap<Long, byte[]> dirty = new TreeMap<>();
  private final ConcurrentHashMap<Long, ChunkGroup> groups = new ConcurrentHashMap<>();
  private final TreeMap<Long, ChunkGroup> changedGroups = new TreeMap<>();
  private @Nullable ChunkFile chunks;
  private @Nullable SlotMap slots;

  /** Encrypted: slots were let go since the object was last cut. */
  private boolean released;

  private boolean changed;

  /** The groups that were handed over to a commit, and that the tree may not hold yet; or null. */
  private @Nullable Map<Long, ChunkGroup> frozen;

  /** Authenticated: there is no host file of an earlier state. */
  private boolean created;

  /** Authenticated: the host file is a staged copy that no commit has published yet. */
  private boolean unpublished;

  /**
   * Authenticated: the copy that the next commit will refer to, its key, and the chunks that stand
   * in it already.
   */
  private @Nullable ChunkFile staged;

  private FileKeys.@Nullable Fresh stagedKey;
  private final BitSet stagedChunks = new BitSet();

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
    this.inode = inode;
    this.path = path;
    this.region = region;
    this.regionId = regionId;
    this.services = services;
    this.store = store;
    this.committed = committed;
    this.epoch = epoch;
    this.size = state.size();
    this.inline = state.inline();
    this.identity = state.identity();
    this.storedKey = state.storedKey();
    this.keyUses = state.keyUses();
    this.objectSize = state.objectSize();
  }

  /** The name under which exceptions speak of the file from now on. */
  public void setPath(String path) {
    this.path = path;
  }

  /** The size in bytes, with all changes. */
  public long size() {
    lock.readLock().lock();
    try {
      return size;
    } finally {
      lock.readLock().unlock();
    }
  }

  // ------------------------------------------------------------------------------------------
  // reading

  /** As {@link io.fspf.VolumeFile#read}. */
  public int read(ByteBuffer into, long position) throws IOException {
    if (position < 0) {
      throw new IllegalArgumentException("Negative position");
    }
    int start = into.position();
    lock.readLock().lock();
    try {
      if (!into.hasRemaining()) {
        return 0;
      }
      if (position >= size) {
        return -1;
      }
      int total = (int) Math.min(into.remaining(), size - position);
      if (inline != null) {
        into.put(inline, (int) position, total);
        return total;
      }
      for (int done = 0; done < total; ) {
        done += readPiece(into, position + done, total - done);
      }
      return total;
    } catch (Throwable e) {
      into.position(start);
      throw e;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Reads up to the end of one chunk. */
  private int readPiece(ByteBuffer into, long position, int wanted) throws IOException {
    int chunkSize = chunkSize();
    long chunk = position / chunkSize;
    int within = (int) (position % chunkSize);
    int length = chunkLength(chunk);
    int count = Math.min(wanted, length - within);
    byte[] changedChunk = dirty.get(chunk);
    if (changedChunk != null) {
      into.put(changedChunk, within, count);
      return count;
    }
    ChunkGroup group = group(chunk / ChunkGroup.CHUNKS);
    if (!group.has(chunk)) {
      putZeros(into, count);
      return count;
    }
    int recordOffset = group.recordOffset(chunk);
    byte[] cached =
        services
            .cache()
            .peek(
                inode,
                chunk,
                group.records(),
                recordOffset,
                ChunkGroup.recordLength(identity().integrity()));
    if (cached != null) {
      into.put(cached, within, count);
    } else if (count == length && into.hasArray()) {
      source(chunk)
          .read(path, group, chunk, length, into.array(), into.arrayOffset() + into.position());
      into.position(into.position() + count);
    } else {
      into.put(load(group, chunk, length), within, count);
    }
    return count;
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

  /** A stored chunk, which is not to be changed. */
  private byte[] load(ChunkGroup group, long chunk, int length) throws IOException {
    return services
        .cache()
        .get(
            inode,
            chunk,
            group.record(chunk),
            () -> {
              var clear = new byte[length];
              source(chunk).read(path, group, chunk, length, clear, 0);
              return clear;
            });
  }

  /** How many groups of chunks a content of this size can have. */
  public long groupCount() {
    lock.readLock().lock();
    try {
      long groupBytes = inline != null || identity == null ? 0 : groupBytes();
      return groupBytes == 0 ? 0 : size / groupBytes + (size % groupBytes == 0 ? 0 : 1);
    } finally {
      lock.readLock().unlock();
    }
  }

  private long groupBytes() {
    return (long) chunkSize() * ChunkGroup.CHUNKS;
  }

  /** Where a group begins, or the file's end where that comes before. */
  public long groupStart(long group) {
    lock.readLock().lock();
    try {
      return group >= groupCount() ? size : group * groupBytes();
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
      return chunks != null;
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Checks every stored chunk of the groups {@code from} to {@code to - 1}.
   *
   * @param damage told the offset and reason of each violation
   * @param progress told the number of bytes checked, after each chunk
   */
  public void verify(long from, long to, DamageListener damage, LongConsumer progress)
      throws IOException {
    lock.readLock().lock();
    try {
      var clear = new byte[(int) Math.min(chunkSize(), size)];
      long unchecked = groupStart(to) - groupStart(from);
      for (long g = committed.next(from); g >= 0 && g < to; g = committed.next(g + 1)) {
        ChunkGroup group = group(g);
        for (long rest = group.present(); rest != 0; rest &= rest - 1) {
          long chunk = group.firstChunk() + Long.numberOfTrailingZeros(rest);
          int length = chunkLength(chunk);
          try {
            source(chunk).read(path, group, chunk, length, clear, 0);
          } catch (IntegrityException e) {
            damage.damaged(e.offset().orElse(chunk * chunkSize()), e.reason());
          }
          unchecked -= length;
          progress.accept(length);
        }
      }
      // Holes.
      progress.accept(unchecked);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Hears of violations. */
  public interface DamageListener {
    /** The bytes at the offset of the file are not the committed ones. */
    void damaged(long offset, String reason);
  }

  /**
   * Compares the length of the host's file with the committed one.
   *
   * @param mayBeLonger whether a writer that did not finish may have left bytes behind the
   *     committed ones
   * @throws IntegrityException if it differs or if there is no file
   */
  public void checkHostSize(boolean mayBeLonger) throws IOException {
    if (identity == null || (identity.isEncrypted() && objectSize == 0)) {
      return;
    }
    long expected = identity.isEncrypted() ? objectSize : size;
    long found = chunks().hostSize();
    if (found < expected || (found > expected && !mayBeLonger)) {
      throw new IntegrityException(
          path,
          Math.min(found, expected),
          "the host's file has " + found + " bytes, not the committed " + expected);
    }
  }

  // ------------------------------------------------------------------------------------------
  // writing

  /** As {@link io.fspf.VolumeFile#write}. */
  public int write(ByteBuffer from, long position) throws IOException {
    if (position < 0) {
      throw new IllegalArgumentException("Negative position");
    }
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
      long end = size;
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
      byte[] grown = Arrays.copyOf(inline, (int) Math.max(end, size));
      from.get(grown, (int) position, total);
      inline = grown;
      size = grown.length;
      changed = true;
      return total;
    }
    becomeChunked();
    extend(Math.max(end, size));
    changed = true;
    int chunkSize = chunkSize();
    for (int done = 0; done < total; ) {
      long at = position + done;
      long chunk = at / chunkSize;
      int within = (int) (at % chunkSize);
      int length = chunkLength(chunk);
      int count = Math.min(total - done, length - within);
      boolean whole = within == 0 && count == length;
      byte[] buffer = whole ? dirtyBuffer(chunk, length) : dirtyChunk(chunk, length);
      from.get(buffer, within, count);
      done += count;
      if ((long) dirty.size() * chunkSize >= services.limits().fileDirtyBytes()) {
        flushLocked();
      }
    }
    return total;
  }

  /** As {@link io.fspf.VolumeFile#setSize}. */
  public void setSize(long newSize) throws IOException {
    if (newSize < 0) {
      throw new IllegalArgumentException("Negative size");
    }
    lock.writeLock().lock();
    try {
      if (newSize == size) {
        return;
      }
      changed = true;
      checkedSize(newSize, 0);
      if (inline != null && newSize <= services.limits().inlineBytes()) {
        inline = Arrays.copyOf(inline, (int) newSize);
        size = newSize;
        return;
      }
      becomeChunked();
      if (newSize > size) {
        extend(newSize);
      } else {
        shrink(newSize);
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

  /**
   * Makes room up to a new size; what lies between is a hole, but for the rest of the last chunk.
   */
  private void extend(long newSize) throws IOException {
    if (newSize <= size) {
      return;
    }
    long oldSize = size;
    int tail = (int) (oldSize % chunkSize());
    if (tail != 0) {
      long last = oldSize / chunkSize();
      byte[] buffer = dirty.get(last);
      if (buffer == null && group(last / ChunkGroup.CHUNKS).has(last)) {
        buffer = dirtyChunk(last, tail);
      }
      size = newSize;
      if (buffer != null) {
        dirtyBuffer(last, chunkLength(last));
      }
    }
    size = newSize;
  }

  private void shrink(long newSize) throws IOException {
    int chunkSize = chunkSize();
    int tail = (int) (newSize % chunkSize);
    long firstGone = (newSize + chunkSize - 1) / chunkSize;
    if (tail != 0) {
      long last = newSize / chunkSize;
      if (dirty.containsKey(last) || group(last / ChunkGroup.CHUNKS).has(last)) {
        byte[] buffer = dirtyChunk(last, chunkLength(last));
        Arrays.fill(buffer, tail, buffer.length, (byte) 0);
      }
    }
    Map<Long, byte[]> gone = dirty.tailMap(firstGone);
    services.dirtyBytes().addAndGet(-(long) gone.size() * chunkSize);
    gone.clear();
    for (long g = nextGroup(firstGone / ChunkGroup.CHUNKS); g >= 0; g = nextGroup(g + 1)) {
      ChunkGroup group = group(g);
      for (long rest = group.present(); rest != 0; rest &= rest - 1) {
        long chunk = g * ChunkGroup.CHUNKS + Long.numberOfTrailingZeros(rest);
        if (chunk >= firstGone) {
          removeChunk(chunk);
        }
      }
    }
    if (staged != null) {
      // Where the file grows again there are to be zeros, also for those who read it on the host.
      staged.setSize(newSize);
    }
    size = newSize;
  }

  /** The next group from {@code from} on that has or may have chunks, with all changes; or -1. */
  private long nextGroup(long from) throws IOException {
    Long own = changedGroups.ceilingKey(from);
    long there = committed.next(from);
    if (own == null) {
      return there;
    }
    return there < 0 ? own : Math.min(own, there);
  }

  private void removeChunk(long chunk) throws IOException {
    ChunkGroup group = group(chunk / ChunkGroup.CHUNKS);
    if (group.has(chunk)) {
      if (identity().isEncrypted()) {
        release(slots(), group.slot(chunk));
      } else {
        stagedChunks.clear(Math.toIntExact(chunk));
      }
      setGroup(chunk / ChunkGroup.CHUNKS, group.without(chunk));
    }
  }

  private void setGroup(long index, ChunkGroup group) {
    groups.put(index, group);
    changedGroups.put(index, group);
  }

  /** The buffer of a chunk that is changed in part: its present bytes are in it. */
  private byte[] dirtyChunk(long chunk, int length) throws IOException {
    byte[] buffer = dirty.get(chunk);
    if (buffer == null) {
      ChunkGroup group = group(chunk / ChunkGroup.CHUNKS);
      byte[] present = group.has(chunk) ? load(group, chunk, length) : null;
      buffer = dirtyBuffer(chunk, length);
      if (present != null) {
        System.arraycopy(present, 0, buffer, 0, present.length);
      }
      return buffer;
    }
    return dirtyBuffer(chunk, length);
  }

  /**
   * The buffer of a changed chunk, with room for {@code length} bytes; those that were never set
   * are zero.
   */
  private byte[] dirtyBuffer(long chunk, int length) {
    byte[] buffer = dirty.get(chunk);
    if (buffer == null) {
      buffer = new byte[length];
      dirty.put(chunk, buffer);
      services.dirtyBytes().addAndGet(chunkSize());
    } else if (buffer.length < length) {
      int room = Math.min(chunkSize(), Math.max(length, 2 * buffer.length));
      buffer = Arrays.copyOf(buffer, room);
      dirty.put(chunk, buffer);
    }
    return buffer;
  }

  /** Gives a file that was inline its identity, its key and a first chunk. */
  private void becomeChunked() {
    if (inline == null) {
      return;
    }
    byte[] content = inline;
    FileKeys.Fresh fresh = services.keys().create(regionId, region);
    identity = fresh.identity();
    storedKey = fresh.storedKey();
    keyUses = 0;
    objectSize = 0;
    inline = null;
    slots = new SlotMap();
    if (content.length > 0) {
      System.arraycopy(content, 0, dirtyBuffer(0, content.length), 0, content.length);
    }
  }

  /** Seals what changed into free slots, to be held no longer; not a commit. */
  public void flush() throws IOException {
    lock.writeLock().lock();
    try {
      flushLocked();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void flushLocked() throws IOException {
    if (dirty.isEmpty() || dropped) {
      return;
    }
    if (identity().isEncrypted() && keyUses + dirty.size() > services.limits().keyUses()) {
      rotate();
    }
    while (!dirty.isEmpty()) {
      Map.Entry<Long, byte[]> first = dirty.firstEntry();
      store(first.getKey(), first.getValue());
      dirty.remove(first.getKey());
      services.dirtyBytes().addAndGet(-(long) chunkSize());
    }
  }

  private void store(long chunk, byte[] clear) throws IOException {
    if (identity().isEncrypted()) {
      storeInObject(chunk, clear);
    } else {
      storeStaged(chunk, clear);
    }
  }

  private void storeInObject(long chunk, byte[] clear) throws IOException {
    ChunkGroup group = group(chunk / ChunkGroup.CHUNKS);
    SlotMap map = slots();
    ChunkFile object = objectForWriting();
    long slot = map.allocate(chunk);
    byte[] record;
    try {
      keyUses++;
      record = object.write(chunk, clear, chunkLength(chunk), slot);
    } catch (Throwable e) {
      release(map, slot);
      throw e;
    }
    if (group.has(chunk)) {
      release(map, group.slot(chunk));
    }
    setGroup(chunk / ChunkGroup.CHUNKS, group.with(chunk, record, slot));
  }

  private void release(SlotMap map, long slot) {
    map.release(slot, epoch.getAsLong());
    released = true;
  }

  private void storeStaged(long chunk, byte[] clear) throws IOException {
    long index = chunk / ChunkGroup.CHUNKS;
    byte[] record = stagedForWriting().write(chunk, clear, chunkLength(chunk), chunk);
    stagedChunks.set(Math.toIntExact(chunk));
    setGroup(index, group(index).with(chunk, record, chunk));
  }

  /**
   * Moves the whole content to a fresh object under a fresh key, but for what is about to be
   * replaced. If it fails, everything is as it was.
   */
  private void rotate() throws IOException {
    FileIdentity oldIdentity = identity();
    boolean hasObject = slots().highestUsed() >= 0;
    ChunkFile old = hasObject ? chunks() : null;
    FileKeys.Fresh fresh = services.keys().renew(oldIdentity);
    var map = new SlotMap();
    var moved = new TreeMap<Long, ChunkGroup>();
    long uses = 0;
    var object =
        new ChunkFile(
            store.create(fresh.identity()),
            services.keys().protector(fresh.identity(), fresh.storedKey()),
            chunkSize());
    try {
      for (long g = nextGroup(0); g >= 0; g = nextGroup(g + 1)) {
        ChunkGroup group = group(g);
        ChunkGroup target = ChunkGroup.empty(g, oldIdentity.integrity());
        for (long rest = group.present(); rest != 0; rest &= rest - 1) {
          long chunk = group.firstChunk() + Long.numberOfTrailingZeros(rest);
          if (old != null && !dirty.containsKey(chunk)) {
            var clear = new byte[chunkLength(chunk)];
            old.read(path, group, chunk, clear.length, clear, 0);
            long slot = map.allocate(chunk);
            target = target.with(chunk, object.write(chunk, clear, clear.length, slot), slot);
            uses++;
          }
        }
        moved.put(g, target);
      }
    } catch (Throwable e) {
      store.discard(fresh.identity());
      object.close();
      throw e;
    }
    identity = fresh.identity();
    storedKey = fresh.storedKey();
    keyUses = uses;
    slots = map;
    moved.forEach(this::setGroup);
    ChunkFile before = chunks;
    chunks = object;
    if (hasObject) {
      store.discard(oldIdentity);
    }
    if (before != null) {
      before.close();
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
      boolean authenticated = identity != null && !identity.isEncrypted();
      if (changed && authenticated && (staged != null || !unpublished)) {
        completeStaged();
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
    if (slots != null) {
      objectSize = liveSize();
      slots.freeze();
    }
    var state = new ContentState(size, inline, identity, storedKey, keyUses, objectSize);
    frozen = new TreeMap<>(changedGroups);
    var handedOver =
        new Frozen(state, frozen, unpublished, chunks == null ? null : new HostFileToSync(chunks));
    changedGroups.clear();
    changed = false;
    unpublished = false;
    return handedOver;
  }

  /** What was handed over stands in the tree. */
  public void recorded() {
    lock.writeLock().lock();
    try {
      frozen = null;
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

  /** The end of the highest slot that the present state refers to. */
  private long liveSize() throws IOException {
    long highest = slots().highestLive();
    if (highest < 0) {
      return 0;
    }
    long lastChunk = (size - 1) / chunkSize();
    ChunkGroup group = group(lastChunk / ChunkGroup.CHUNKS);
    boolean lastIsHighest = group.has(lastChunk) && group.slot(lastChunk) == highest;
    return highest * chunkSize() + (lastIsHighest ? chunkLength(lastChunk) : chunkSize());
  }

  /** Copies into the staged file what did not change, and makes it the file's host file. */
  private void completeStaged() throws IOException {
    ChunkFile copy = stagedForWriting();
    for (long g = nextGroup(0); g >= 0; g = nextGroup(g + 1)) {
      ChunkGroup group = group(g);
      for (long rest = group.present(); rest != 0; rest &= rest - 1) {
        long chunk = g * ChunkGroup.CHUNKS + Long.numberOfTrailingZeros(rest);
        if (!stagedChunks.get(Math.toIntExact(chunk))) {
          int length = chunkLength(chunk);
          var clear = new byte[length];
          chunks().read(path, group, chunk, length, clear, 0);
          byte[] record = copy.write(chunk, clear, length, chunk);
          stagedChunks.set(Math.toIntExact(chunk));
          setGroup(g, group(g).with(chunk, record, chunk));
        }
      }
    }
    copy.setSize(size);
    ChunkFile before = chunks;
    chunks = copy;
    FileKeys.Fresh key = Objects.requireNonNull(stagedKey);
    identity = key.identity();
    storedKey = key.storedKey();
    keyUses = (size + chunkSize() - 1) / chunkSize();
    staged = null;
    stagedKey = null;
    stagedChunks.clear();
    created = false;
    unpublished = true;
    if (before != null) {
      before.close();
    }
  }

  /**
   * Cuts the object file where the committed content ends: what stands behind that is of a writer
   * that a crash ended. For content that was not changed since it was opened.
   */
  public void cut() throws IOException {
    lock.writeLock().lock();
    try {
      if (identity == null || !identity.isEncrypted() || objectSize == 0) {
        return;
      }
      if (chunks().hostSize() > objectSize) {
        chunks().setSize(objectSize);
        chunks().sync();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Makes durable what was written to the host; not under the lock, since it takes long. */
  public void sync() throws IOException {
    ChunkFile present;
    lock.readLock().lock();
    try {
      present = chunks == null ? null : chunks.retain();
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
      if (slots == null || dropped) {
        return;
      }
      slots.reclaim(durableEpoch);
      if (released && !slots.isWaiting() && dirty.isEmpty()) {
        released = false;
        trim();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void trim() throws IOException {
    ChunkFile object;
    try {
      object = chunks();
    } catch (IntegrityException e) {
      // Nobody can be told here that the object is missing: whoever reads it is.
      return;
    }
    long end = liveSize();
    if (object.hostSize() > end) {
      object.setSize(end);
    }
  }

  /** Opens the host file of an authenticated file, so that it can be read when its name is gone. */
  public void pin() throws IOException {
    lock.readLock().lock();
    try {
      // Whoever had it open may close it at any moment: then there is nobody to keep it for.
      if (!closed && identity != null && !identity.isEncrypted() && !created) {
        chunks();
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether closing this would forget something that a commit still needs. */
  public boolean isBusy() {
    lock.readLock().lock();
    try {
      return changed || frozen != null || released || (slots != null && slots.isWaiting());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether the host file was cut, and that is not known to be durable. */
  public boolean isUnsynced() {
    lock.readLock().lock();
    try {
      return chunks != null && chunks.isUnsynced();
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
      changedGroups.clear();
      services.dirtyBytes().addAndGet(identity == null ? 0 : -(long) dirty.size() * chunkSize());
      dirty.clear();
      slots = null;
      released = false;
      if (identity != null && (identity.isEncrypted() || unpublished)) {
        store.discard(identity);
      }
      if (stagedKey != null) {
        store.discard(stagedKey.identity());
        stagedKey = null;
      }
      closeFiles();
    } finally {
      lock.writeLock().unlock();
    }
  }

  // ------------------------------------------------------------------------------------------
  // parts

  private FileIdentity identity() {
    if (identity == null) {
      throw new IllegalStateException("The content is inline");
    }
    return identity;
  }

  private int chunkSize() {
    return identity().chunkSize();
  }

  private int chunkLength(long chunk) throws IntegrityException {
    long length = Math.min(chunkSize(), size - chunk * chunkSize());
    if (length <= 0) {
      throw new IntegrityException(path, size, "a chunk lies behind the end of the file");
    }
    return (int) length;
  }

  private ChunkGroup group(long index) throws IOException {
    ChunkGroup group = groups.get(index);
    if (group == null) {
      byte[] value = committed.group(index);
      group =
          value == null
              ? ChunkGroup.empty(index, identity().integrity())
              : ChunkGroup.decode(value, index, identity().integrity());
      // Bounded: what changed is kept apart, the rest can be read again.
      if (groups.size() >= 1024) {
        groups.keySet().removeIf(key -> !isNeeded(key));
      }
      groups.put(index, group);
    }
    return group;
  }

  /** Whether the tree may not hold the group as it is now. */
  private boolean isNeeded(long group) {
    return changedGroups.containsKey(group) || (frozen != null && frozen.containsKey(group));
  }

  private SlotMap slots() throws IOException {
    if (slots == null) {
      var map = new SlotMap();
      for (long g = committed.next(0); g >= 0; g = committed.next(g + 1)) {
        ChunkGroup group = group(g);
        for (long rest = group.present(); rest != 0; rest &= rest - 1) {
          map.committed(group.slot(group.firstChunk() + Long.numberOfTrailingZeros(rest)));
        }
      }
      slots = map;
    }
    return slots;
  }

  /** Where a stored chunk stands at the moment. */
  private ChunkFile source(long chunk) throws IOException {
    ChunkFile copy = staged;
    return copy != null && stagedChunks.get(Math.toIntExact(chunk)) ? copy : chunks();
  }

  private synchronized ChunkFile chunks() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (chunks == null) {
      HostFile file;
      try {
        file = store.open(identity());
      } catch (NoSuchFileException e) {
        throw new IntegrityException(path, 0, "the host's file is missing", e);
      }
      chunks = new ChunkFile(file, services.keys().protector(identity(), storedKey), chunkSize());
    }
    return chunks;
  }

  private ChunkFile objectForWriting() throws IOException {
    if (chunks == null) {
      // Where no slot is in use there may be an object all the same, with nothing in it that
      // counts.
      boolean needed = slots().highestUsed() >= 0;
      HostFile file = needed ? store.open(identity()) : store.create(identity());
      chunks = new ChunkFile(file, services.keys().protector(identity(), storedKey), chunkSize());
    }
    return chunks;
  }

  private ChunkFile stagedForWriting() throws IOException {
    if (staged == null) {
      // A fresh key for each copy: no chunk of it shares a nonce's key with the file it replaces.
      FileKeys.Fresh key = services.keys().renew(identity());
      staged =
          new ChunkFile(
              store.create(key.identity()),
              services.keys().protector(key.identity(), key.storedKey()),
              chunkSize());
      stagedKey = key;
    }
    return staged;
  }

  private void closeFiles() throws IOException {
    try (Closeable one = chunks;
        Closeable other = staged) {
      chunks = null;
      staged = null;
    }
  }

  /** Lets go of keys and host files, for good. */
  @Override
  public void close() throws IOException {
    lock.writeLock().lock();
    try {
      closed = true;
      closeFiles();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
