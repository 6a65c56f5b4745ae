package io.fspf.internal.file;

import io.fspf.Protection;
import io.fspf.Region;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The content of one file, in the file's record or in chunks, and what became of it since the last
 * commit.
 *
 * <p>Not thread-safe: {@link FileContent} holds its lock, alone for changes.
 */
final class ContentBody {
  private final FileShape shape;
  private final ContentServices services;
  private final ContentStore store;
  private final GroupSource committed;
  private final LongSupplier epoch;
  private final Region region;
  private final int regionId;

  // One of the two is null.
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

  /** Content as the last commit has it; the parameters are those of {@link FileContent}. */
  ContentBody(
      FileShape shape,
      Region region,
      int regionId,
      ContentState state,
      GroupSource committed,
      ContentStore store,
      ContentServices services,
      LongSupplier epoch) {
    this.shape = shape;
    this.region = region;
    this.regionId = regionId;
    this.services = services;
    this.store = store;
    this.committed = committed;
    this.epoch = epoch;
    FileIdentity identity = state.identity();
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

  // ------------------------------------------------------------------------------------------
  // what it is

  long size() {
    return shape.size();
  }

  boolean isInline() {
    return inline != null;
  }

  /** The content in chunks; null if it is inline. */
  @Nullable ChunkedContent chunkedOrNull() {
    return chunked;
  }

  ChunkedContent chunks() {
    if (chunked == null) {
      throw new IllegalStateException("The content is inline");
    }
    return chunked;
  }

  /** The host file, if it is open. */
  @Nullable ChunkFile openFile() {
    return chunked == null ? null : chunked.stored().openFile();
  }

  // ------------------------------------------------------------------------------------------
  // reading and writing

  int read(ByteBuffer into, long position) throws IOException {
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
  }

  int write(ByteBuffer from, long position) throws IOException {
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

  void setSize(long newSize) throws IOException {
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

  // ------------------------------------------------------------------------------------------
  // to the host

  /**
   * Seals and writes a part of what changed: some chunks from this one on.
   *
   * @return where to go on; -1 at the end
   */
  long flush(long from) throws IOException {
    return chunked == null || dropped ? -1 : chunked.flush(from);
  }

  /** Whether more waits to be written than one part. */
  boolean isMuchDirty() {
    return chunked != null && chunked.dirtyBytes() > services.limits().fileDirtyBytes();
  }

  /** Holds in memory only what was not written to the host. */
  void releaseClean() {
    if (chunked != null) {
      chunked.releaseClean();
    }
  }

  // ------------------------------------------------------------------------------------------
  // commits

  boolean isChanged() {
    return changed;
  }

  void markChanged() {
    changed = true;
  }

  void markCreated() {
    changed = true;
    created = true;
  }

  /** As {@link FileContent#prepare}. */
  void prepare() throws IOException {
    if (chunked == null || dropped) {
      return;
    }
    chunked.flush();
    if (changed && chunked.stored().prepare()) {
      created = false;
    }
  }

  /** As {@link FileContent#freeze}. */
  FileContent.Frozen freeze() throws IOException {
    FileContent.Frozen frozen =
        inline != null
            ? new FileContent.Frozen(ContentState.inline(inline), Map.of(), false, null)
            : frozen(chunks());
    handedOver = true;
    changed = false;
    return frozen;
  }

  private static FileContent.Frozen frozen(ChunkedContent content) throws IOException {
    StoredChunks stored = content.stored();
    boolean staged = stored.freeze();
    ChunkFile file = stored.openFile();
    return new FileContent.Frozen(
        stored.state(),
        content.records().handOver(),
        staged,
        file == null ? null : new FileContent.HostFileToSync(file));
  }

  void recorded() {
    handedOver = false;
    if (chunked != null) {
      chunked.records().recorded();
    }
  }

  void reclaim(long durableEpoch) throws IOException {
    if (chunked != null && !dropped) {
      chunked.stored().reclaim(durableEpoch, chunked.isFlushed());
    }
  }

  boolean isBusy() {
    return changed || handedOver || (chunked != null && chunked.stored().isBusy());
  }

  // ------------------------------------------------------------------------------------------
  // the end

  /** As {@link FileContent#pin}. */
  void pin() throws IOException {
    // Whoever had it open may close it at any moment: then there is nobody to keep it for.
    if (!closed && chunked != null && chunked.stored() instanceof PlainChunks plain && !created) {
      plain.file();
    }
  }

  void drop() throws IOException {
    dropped = true;
    changed = false;
    if (chunked != null) {
      chunked.drop();
    }
  }

  void close() throws IOException {
    closed = true;
    if (chunked != null) {
      chunked.close();
    }
  }
}
