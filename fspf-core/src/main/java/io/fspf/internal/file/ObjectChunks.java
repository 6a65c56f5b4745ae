package io.fspf.internal.file;

import io.fspf.IntegrityException;
import java.io.IOException;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of an encrypted file, in an object file of their own: a changed chunk goes to a free
 * slot, and the one it leaves becomes free when no state that may still be needed refers to it.
 */
final class ObjectChunks extends StoredChunks {
  private final LongSupplier epoch;
  private long objectSize;
  private @Nullable SlotMap slots;

  /** What the last change of the key would have made the content's identity, had it not failed. */
  private @Nullable FileIdentity abandoned;

  /** Slots were let go since the object was last cut. */
  private boolean released;

  /**
   * The chunks as the last commit has them.
   *
   * @param epoch the period between two commits to which a change belongs that is made now
   */
  ObjectChunks(
      FileShape shape,
      ContentState state,
      FileIdentity identity,
      ChunkRecords records,
      ContentStore store,
      ContentServices services,
      LongSupplier epoch) {
    super(shape, identity, state.storedKey(), state.keyUses(), records, store, services);
    this.objectSize = state.objectSize();
    this.epoch = epoch;
  }

  @Override
  ChunkFile source(long chunk) throws IOException {
    return file();
  }

  // ------------------------------------------------------------------------------------------
  // slots

  private SlotMap slots() throws IOException {
    if (slots == null) {
      var map = new SlotMap();
      for (long g = records.nextCommitted(0); g >= 0; g = records.nextCommitted(g + 1)) {
        ChunkGroup group = records.group(g);
        for (long rest = group.present(); rest != 0; rest &= rest - 1) {
          map.committed(group.slot(group.firstChunk() + Long.numberOfTrailingZeros(rest)));
        }
      }
      slots = map;
    }
    return slots;
  }

  private SlotMap loadedSlots() {
    if (slots == null) {
      throw new IllegalStateException("No slot was asked for");
    }
    return slots;
  }

  @Override
  long allocate(long chunk) {
    countUse();
    return loadedSlots().allocate(chunk);
  }

  @Override
  boolean allocateNext(long chunk, long slot) {
    boolean taken = loadedSlots().allocate(chunk, slot);
    if (taken) {
      countUse();
    }
    return taken;
  }

  @Override
  void giveBack(long slot) {
    loadedSlots().release(slot, epoch.getAsLong());
    released = true;
  }

  @Override
  void stored(ChunkGroup before, long chunk, long slot) {
    if (before.has(chunk)) {
      giveBack(before.slot(chunk));
    }
  }

  @Override
  void removed(ChunkGroup before, long chunk) {
    giveBack(before.slot(chunk));
  }

  /** A slot that is not known to be in use would be taken for free. */
  @Override
  void beforeChange() throws IOException {
    slots();
  }

  @Override
  void shrink(long newSize) {
    // The slots are let go chunk by chunk.
  }

  @Override
  ChunkFile fileForWriting() throws IOException {
    ChunkFile open = openFile();
    // Where no slot is in use there may be an object all the same, with nothing in it that counts.
    boolean needed = slots().highestUsed() >= 0;
    if (open != null) {
      return open;
    }
    FileIdentity identity = identity();
    return setFile(
        chunkFile(needed ? store.open(identity) : store.create(identity), identity, storedKey()));
  }

  // ------------------------------------------------------------------------------------------
  // keys

  @Override
  void beforeFlush(HeldChunks held) throws IOException {
    if (keyUses() + held.dirtyCount() > services.limits().keyUses()) {
      rotate(held);
    }
  }

  /**
   * Moves the whole content to a fresh object under a fresh key, but for what is about to be
   * replaced. If it fails, everything is as it was.
   */
  private void rotate(HeldChunks held) throws IOException {
    FileIdentity oldIdentity = identity();
    boolean hasObject = slots().highestUsed() >= 0;
    ChunkFile old = hasObject ? file() : null;
    // Not once more the name of an object that an earlier attempt has left to be deleted.
    FileKeys.Fresh fresh = services.keys().renew(abandoned == null ? oldIdentity : abandoned);
    var map = new SlotMap();
    var moved = new TreeMap<Long, ChunkGroup>();
    long uses = 0;
    ChunkFile object =
        chunkFile(store.create(fresh.identity()), fresh.identity(), fresh.storedKey());
    try {
      for (long g = records.next(0); g >= 0; g = records.next(g + 1)) {
        ChunkGroup group = records.group(g);
        ChunkGroup target = ChunkGroup.empty(g, oldIdentity.integrity());
        for (long rest = group.present(); rest != 0; rest &= rest - 1) {
          long chunk = group.firstChunk() + Long.numberOfTrailingZeros(rest);
          if (old != null && !held.isDirty(chunk)) {
            long slot = map.allocate(chunk);
            byte[] record = copy(old, group, chunk, object, slot);
            target = target.with(chunk, record, slot);
            uses++;
          }
        }
        moved.put(g, target);
      }
    } catch (Throwable e) {
      abandoned = fresh.identity();
      store.discard(fresh.identity());
      object.close();
      throw e;
    }
    slots = map;
    moved.values().forEach(records::put);
    // Also if no slot of it is in use: it is there all the same.
    store.discard(oldIdentity);
    abandoned = null;
    replace(object, fresh, uses);
  }

  // ------------------------------------------------------------------------------------------
  // commits

  @Override
  boolean prepare() {
    return false;
  }

  @Override
  boolean freeze() throws IOException {
    if (slots != null) {
      objectSize = liveSize();
      slots.freeze();
    }
    return false;
  }

  @Override
  long objectSize() {
    return objectSize;
  }

  /** The end of the highest slot that the present state refers to. */
  private long liveSize() throws IOException {
    long highest = slots().highestLive();
    if (highest < 0) {
      return 0;
    }
    int chunkSize = shape.chunkSize();
    long lastChunk = (shape.size() - 1) / chunkSize;
    ChunkGroup group = records.groupOf(lastChunk);
    boolean lastIsHighest = group.has(lastChunk) && group.slot(lastChunk) == highest;
    return highest * chunkSize + (lastIsHighest ? shape.length(lastChunk) : chunkSize);
  }

  @Override
  void reclaim(long durableEpoch, boolean idle) throws IOException {
    if (slots == null) {
      return;
    }
    slots.reclaim(durableEpoch);
    if (released && !slots.isWaiting() && idle) {
      released = false;
      trim();
    }
  }

  private void trim() throws IOException {
    ChunkFile object;
    try {
      object = file();
    } catch (IntegrityException e) {
      // Nobody can be told here that the object is missing: whoever reads it is.
      return;
    }
    long end = liveSize();
    if (object.hostSize() > end) {
      object.setSize(end);
    }
  }

  @Override
  boolean isBusy() {
    return released || (slots != null && slots.isWaiting());
  }

  @Override
  void drop() throws IOException {
    slots = null;
    released = false;
    store.discard(identity());
    closeFiles();
  }
}
