package io.fspf.internal.volume;

import io.fspf.internal.file.ContentServices;
import io.fspf.internal.file.ContentStore;
import io.fspf.internal.file.FileContent;
import io.fspf.internal.format.Inode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Opens the inodes of protected files for handles, one content for each, and settles them when
 * nobody holds them any more. Thread-safe.
 *
 * <p>Locks: those of {@link FileHandles}.
 */
final class InodeOpener {
  private final AbstractView volume;
  private final boolean writable;
  private final WorkingState state;
  private final RegionStores stores;
  private final ContentServices services;
  private final StateFreezer freezer;
  private final VolumeFailure failure;
  private final ContentRecorder contents;
  private final Removals removals;

  InodeOpener(
      AbstractView volume,
      boolean writable,
      WorkingState state,
      RegionStores stores,
      ContentServices services,
      StateFreezer freezer,
      VolumeFailure failure,
      ContentRecorder contents,
      Removals removals) {
    this.volume = volume;
    this.writable = writable;
    this.state = state;
    this.stores = stores;
    this.services = services;
    this.freezer = freezer;
    this.failure = failure;
    this.contents = contents;
    this.removals = removals;
  }

  /**
   * The open inode at a position, with one handle more; null if it is not there any more.
   *
   * @param created it was made by this opening, and nobody had the namespace since
   */
  @Nullable OpenInode acquire(Position at, boolean created) throws IOException {
    if (created) {
      return acquireUnmoved(at, at.inode());
    }
    if (writable && at.region().isAuthenticated()) {
      // It stands under its name on the host, and learns of moves only from now on.
      state.namespace().lock();
      try {
        return new InodeNames(state.inodes())
                .leadsTo(at.region(), at.pathInRegion(), at.inodeNumber())
            ? acquireUnmoved(at, null)
            : null;
      } finally {
        state.namespace().unlock();
      }
    }
    return acquireUnmoved(at, null);
  }

  /** With the record as it certainly is, or null to have it looked up. */
  private @Nullable OpenInode acquireUnmoved(Position at, @Nullable Inode record)
      throws IOException {
    ContentStore store =
        stores.storeOf(at.region(), at.region().isAuthenticated() ? at.pathInRegion() : null);
    OpenInode inode =
        state
            .open()
            .acquire(
                at.inodeNumber(),
                // The one in the position may have been replaced meanwhile.
                number -> openInode(at, record == null ? state.recorded(number) : record, store));
    if (inode == null) {
      // Whoever removes it has the namespace until that is done.
      state.awaitTransaction();
    }
    return inode;
  }

  private @Nullable OpenInode openInode(Position at, @Nullable Inode record, ContentStore store)
      throws IOException {
    if (record == null) {
      return null;
    }
    long number = at.inodeNumber();
    var content =
        new FileContent(
            number,
            at.path().toString(),
            at.region().region(),
            at.region().id(),
            Records.content(record, at.region()),
            new TreeGroups(state::tree, number),
            store,
            services,
            freezer::epoch);
    return new OpenInode(number, at.region(), content, store);
  }

  /** Lets go of one handle; with the last one what was changed through them is settled. */
  void release(OpenInode inode) throws IOException {
    if (!state.open().release(inode) || volume.isClosed()) {
      return;
    }
    boolean settles =
        inode.isUnlinked() || (inode.content().isChanged() && inode.content().isInline());
    if (settles && failure.cause() == null) {
      state.shared().lock();
      try {
        if (inode.isUnlinked()) {
          removals.removeUnlinked(inode.number());
        } else {
          contents.settleInline(inode);
        }
      } finally {
        state.shared().unlock();
      }
    }
    if (state.open().forget(inode)) {
      inode.content().close();
    }
  }
}
