package io.fspf.internal.file;

import io.fspf.IntegrityException;
import io.fspf.internal.host.HostFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Where the host keeps the chunks of one file, and how changed ones get there.
 *
 * <p>Guarded by the content's lock: changes need it alone, reading may share it.
 */
abstract class StoredChunks implements Closeable {
  final FileShape shape;
  final ContentServices services;
  final ContentStore store;
  final ChunkRecords records;

  private FileIdentity identity;
  private byte[] storedKey;
  private long keyUses;
  private @Nullable ChunkFile file;
  private boolean closed;

  StoredChunks(
      FileShape shape,
      FileIdentity identity,
      byte[] storedKey,
      long keyUses,
      ChunkRecords records,
      ContentStore store,
      ContentServices services) {
    this.shape = shape;
    this.identity = identity;
    this.storedKey = storedKey;
    this.keyUses = keyUses;
    this.records = records;
    this.store = store;
    this.services = services;
  }

  // ------------------------------------------------------------------------------------------
  // what the file's record says

  final FileIdentity identity() {
    return identity;
  }

  final byte[] storedKey() {
    return storedKey;
  }

  /** All that the file's record is to say of the content. */
  final ContentState state() {
    return new ContentState(shape.size(), null, identity, storedKey, keyUses, objectSize());
  }

  final long keyUses() {
    return keyUses;
  }

  final void countUse() {
    keyUses++;
  }

  /** From now on the chunks stand in another host file, under another key. */
  final void replace(ChunkFile newFile, FileKeys.Fresh key, long uses) throws IOException {
    ChunkFile before = file;
    file = newFile;
    identity = key.identity();
    storedKey = key.storedKey();
    keyUses = uses;
    if (before != null) {
      before.close();
    }
  }

  // ------------------------------------------------------------------------------------------
  // host files

  /** The host file that the records refer to, but for what {@link #source} says otherwise. */
  final synchronized ChunkFile file() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    ChunkFile open = file;
    if (open == null) {
      try {
        open = chunkFile(store.open(identity), identity, storedKey);
      } catch (NoSuchFileException e) {
        throw new IntegrityException(shape.path(), 0, "the host's file is missing", e);
      }
      file = open;
    }
    return open;
  }

  /** The same if it is open. */
  final @Nullable ChunkFile openFile() {
    return file;
  }

  final ChunkFile setFile(ChunkFile opened) {
    file = opened;
    return opened;
  }

  final ChunkFile chunkFile(HostFile hostFile, FileIdentity of, byte[] key) throws IOException {
    return new ChunkFile(
        hostFile, services.keys().protector(of, key), shape.chunkSize(), services.buffers());
  }

  /** Where a stored chunk stands at the moment. */
  abstract ChunkFile source(long chunk) throws IOException;

  /** How many chunks from {@code first} on can be read together. */
  int row(ChunkGroup group, long first, int max) {
    return group.row(first, Math.min(max, ChunkFile.rowLength(shape.chunkSize())));
  }

  /** Reads and verifies chunks of a {@link #row}. */
  final void read(ChunkGroup group, long first, int count, byte[] into, int offset)
      throws IOException {
    source(first).read(shape.path(), group, first, shape.length(first, count), into, offset);
  }

  /** Brings a chunk from one host file to a slot of another one, under that one's key. */
  final byte[] copy(ChunkFile from, ChunkGroup group, long chunk, ChunkFile to, long slot)
      throws IOException {
    int length = shape.length(chunk);
    if (length <= 0) {
      throw new IntegrityException(
          shape.path(), shape.size(), "a chunk lies behind the end of the file");
    }
    byte[] clear = from.read(shape.path(), group, chunk, length);
    try {
      ChunkFile.Protected moved = to.protect(chunk, new byte[][] {clear}, length);
      to.write(moved, slot);
      return moved.records()[0];
    } finally {
      services.buffers().give(clear);
    }
  }

  // ------------------------------------------------------------------------------------------
  // writing

  /** Chunks in a row that go to slots in a row. */
  private record Row(
      long first, int count, long firstSlot, FutureTask<ChunkFile.Protected> protection) {}

  /**
   * Protects changed chunks and writes them to the host; each is dirty until it stands there. One
   * call takes as much as one file may hold of full ones.
   *
   * <p>The helpers protect; this thread alone writes, since systems let one after the other write
   * to a file.
   *
   * @param from the first chunk
   * @param onlyFull whether those that are not full stay dirty
   * @return the chunk to go on with; -1 if there is none
   */
  final long flush(HeldChunks held, long from, boolean onlyFull) throws IOException {
    long chunk = held.next(from, onlyFull);
    if (chunk < 0) {
      return -1;
    }
    beforeFlush(held);
    ChunkFile target = fileForWriting();
    List<Row> rows = new ArrayList<>();
    int max = ChunkFile.rowLength(shape.chunkSize());
    for (long bytes = 0; chunk >= 0 && bytes < services.limits().fileDirtyBytes(); ) {
      Row row = place(target, chunk, held.row(chunk, max, onlyFull));
      chunk = held.next(chunk + row.count(), onlyFull);
      bytes += (long) row.count() * shape.chunkSize();
      rows.add(row);
    }
    // The first one is ours.
    rows.stream().skip(1).forEach(row -> services.helpers().offer(row.protection()));
    write(held, target, rows);
    return chunk;
  }

  private Row place(ChunkFile target, long first, byte[][] clear) {
    long slot = allocate(first);
    int placed = 1;
    while (placed < clear.length && allocateNext(first + placed, slot + placed)) {
      placed++;
    }
    int count = placed;
    int length = shape.length(first, count);
    return new Row(
        first,
        count,
        slot,
        new FutureTask<>(() -> target.protect(first, Arrays.copyOf(clear, count), length)));
  }

  private void write(HeldChunks held, ChunkFile target, List<Row> rows) throws IOException {
    Throwable failure = null;
    for (Row row : rows) {
      byte[][] newRecords;
      try {
        ChunkFile.Protected chunks = Helpers.outcome(row.protection());
        newRecords = chunks.records();
        target.write(chunks, row.firstSlot());
        // What can fail fails before anything is put in its place.
        records.groupOf(row.first());
        records.groupOf(row.first() + row.count() - 1);
      } catch (IOException | RuntimeException | Error e) {
        if (failure == null) {
          failure = e;
        }
        for (int i = 0; i < row.count(); i++) {
          giveBack(row.firstSlot() + i);
        }
        continue;
      }
      for (int i = 0; i < row.count(); i++) {
        long chunk = row.first() + i;
        ChunkGroup group = records.groupOf(chunk);
        stored(group, chunk, row.firstSlot() + i);
        records.put(group.with(chunk, newRecords[i], row.firstSlot() + i));
        held.sealed(chunk);
      }
    }
    if (failure != null) {
      throwAgain(failure);
    }
  }

  private static void throwAgain(Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    throw (Error) failure;
  }

  /** Makes ready for so many more uses of the key. */
  abstract void beforeFlush(HeldChunks held) throws IOException;

  /** The host file that changed chunks go to. */
  abstract ChunkFile fileForWriting() throws IOException;

  /** A slot for a chunk that is about to be written. */
  abstract long allocate(long chunk);

  /** The same, if it can be this one. */
  abstract boolean allocateNext(long chunk, long slot);

  /** Nothing came into the slot that counts. */
  abstract void giveBack(long slot);

  /** A chunk stands in its new slot; {@code before} holds where it stood until now, if anywhere. */
  abstract void stored(ChunkGroup before, long chunk, long slot);

  /** A stored chunk is no more. */
  abstract void removed(ChunkGroup before, long chunk);

  /**
   * The content is about to be changed. What the tree says of it is to be learnt now: when the
   * change is written, the file may have been removed, and the tree no longer know it.
   */
  abstract void beforeChange() throws IOException;

  /** The file is about to lose the chunks behind this size. */
  abstract void shrink(long newSize) throws IOException;

  // ------------------------------------------------------------------------------------------
  // commits

  /**
   * Brings the host file to the state that is to be committed, when all chunks were written.
   *
   * @return whether the content stands in a new copy of the host file
   */
  abstract boolean prepare() throws IOException;

  /**
   * All slots written so far may be committed.
   *
   * @return whether a staged copy has to be published
   */
  abstract boolean freeze() throws IOException;

  /** The length of the object file that the record is to tell. */
  abstract long objectSize();

  /** What the commit of this epoch let go is free. */
  abstract void reclaim(long durableEpoch, boolean idle) throws IOException;

  /** Whether something waits for a commit or for {@link #reclaim}. */
  abstract boolean isBusy();

  /** The file is gone. */
  abstract void drop() throws IOException;

  /** Compares the length of the host's file with the committed one. */
  final void checkHostSize(boolean mayBeLonger) throws IOException {
    long expected = identity.isEncrypted() ? objectSize() : shape.size();
    if (identity.isEncrypted() && expected == 0) {
      return;
    }
    long found = file().hostSize();
    if (found < expected || (found > expected && !mayBeLonger)) {
      throw new IntegrityException(
          shape.path(),
          Math.min(found, expected),
          "the host's file has " + found + " bytes, not the committed " + expected);
    }
  }

  /** Lets go of keys and host files; they may be opened again until {@link #close}. */
  void closeFiles() throws IOException {
    ChunkFile open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public final void close() throws IOException {
    closed = true;
    closeFiles();
  }
}
