package io.fspf.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of an authenticated file, which the host keeps in clear under the file's own name.
 * Such a file is replaced as a whole: changed chunks go to a staged copy under a key of its own,
 * which a commit completes and publishes.
 */
final class PlainChunks extends StoredChunks {
  /** The host file is a staged copy that no commit has published yet. */
  private boolean unpublished;

  /** The copy that the next commit will refer to, its key, and the chunks that stand in it. */
  private @Nullable ChunkFile staged;

  private FileKeys.@Nullable Fresh stagedKey;
  private final BitSet stagedChunks = new BitSet();

  /** The chunks as the last commit has them. */
  PlainChunks(
      FileShape shape,
      ContentState state,
      FileIdentity identity,
      ChunkRecords records,
      ContentStore store,
      ContentServices services) {
    super(shape, identity, state.storedKey(), state.keyUses(), records, store, services);
  }

  private boolean isStaged(long chunk) {
    return stagedChunks.get(Math.toIntExact(chunk));
  }

  @Override
  ChunkFile source(long chunk) throws IOException {
    ChunkFile copy = staged;
    return copy != null && isStaged(chunk) ? copy : file();
  }

  @Override
  int row(ChunkGroup group, long first, int max) {
    int count = super.row(group, first, max);
    int same = 1;
    while (same < count && isStaged(first + same) == isStaged(first)) {
      same++;
    }
    return Math.min(same, count);
  }

  @Override
  void beforeFlush(HeldChunks held) {
    // The copy has a key of its own, and a slot for each chunk.
  }

  @Override
  ChunkFile fileForWriting() throws IOException {
    if (staged == null) {
      // A fresh key for each copy: no chunk of it shares a nonce's key with the file it replaces.
      FileKeys.Fresh key = services.keys().renew(identity());
      staged = chunkFile(store.create(key.identity()), key.identity(), key.storedKey());
      stagedKey = key;
    }
    return staged;
  }

  @Override
  long allocate(long chunk) {
    return chunk;
  }

  @Override
  boolean allocateNext(long chunk, long slot) {
    return chunk == slot;
  }

  @Override
  void giveBack(long slot) {
    // Each chunk has its own.
  }

  @Override
  void stored(ChunkGroup before, long chunk, long slot) {
    stagedChunks.set(Math.toIntExact(chunk));
  }

  @Override
  void removed(ChunkGroup before, long chunk) {
    stagedChunks.clear(Math.toIntExact(chunk));
  }

  @Override
  void beforeChange() {
    // The staged copy begins with nothing.
  }

  @Override
  void shrink(long newSize) throws IOException {
    if (staged != null) {
      // Where the file grows again there are to be zeros, also for those who read it on the host.
      staged.setSize(newSize);
    }
  }

  /** Copies into the staged file what did not change, and makes it the file's host file. */
  @Override
  boolean prepare() throws IOException {
    if (staged == null && unpublished) {
      return false;
    }
    ChunkFile copy = fileForWriting();
    for (long g = records.next(0); g >= 0; g = records.next(g + 1)) {
      ChunkGroup group = records.group(g);
      for (long rest = group.present(); rest != 0; rest &= rest - 1) {
        long chunk = g * ChunkGroup.CHUNKS + Long.numberOfTrailingZeros(rest);
        if (!isStaged(chunk)) {
          byte[] record = copy(file(), group, chunk, copy, chunk);
          stagedChunks.set(Math.toIntExact(chunk));
          records.put(records.group(g).with(chunk, record, chunk));
        }
      }
    }
    copy.setSize(shape.size());
    FileKeys.Fresh key = Objects.requireNonNull(stagedKey);
    staged = null;
    stagedKey = null;
    stagedChunks.clear();
    unpublished = true;
    replace(copy, key, (shape.size() + shape.chunkSize() - 1) / shape.chunkSize());
    return true;
  }

  @Override
  boolean freeze() {
    boolean toPublish = unpublished;
    unpublished = false;
    return toPublish;
  }

  @Override
  long objectSize() {
    return 0;
  }

  @Override
  void reclaim(long durableEpoch, boolean idle) {
    // There is nothing behind the content.
  }

  @Override
  boolean isBusy() {
    return false;
  }

  @Override
  void drop() throws IOException {
    if (unpublished) {
      store.discard(identity());
    }
    if (stagedKey != null) {
      store.discard(stagedKey.identity());
      stagedKey = null;
    }
    closeFiles();
  }

  @Override
  void closeFiles() throws IOException {
    try (Closeable copy = staged) {
      staged = null;
      super.closeFiles();
    }
  }
}
