package io.fspf.internal.volume;

import io.fspf.internal.file.ContentStore;
import io.fspf.internal.file.FileContent;
import io.fspf.internal.format.Inode;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A regular file of a protected region while it is open, or while changes of its content are in no
 * durable commit yet. All handles of the file share it.
 *
 * <p>Thread-safe; the number of handles is guarded by the table of open inodes.
 */
final class OpenInode {
  private final long number;
  private final MountedRegion region;
  private final FileContent content;
  private final ContentStore store;
  private int handles;
  private volatile boolean unlinked;

  // Guarded by this.
  private @Nullable Instant modified;
  private @Nullable Instant beingRecorded;

  OpenInode(long number, MountedRegion region, FileContent content, ContentStore store) {
    this.number = number;
    this.region = region;
    this.content = content;
    this.store = store;
  }

  long number() {
    return number;
  }

  MountedRegion region() {
    return region;
  }

  FileContent content() {
    return content;
  }

  /** The host's side of the content. */
  ContentStore store() {
    return store;
  }

  int handles() {
    return handles;
  }

  void addHandle() {
    handles++;
  }

  void removeHandle() {
    handles--;
  }

  void removeHandles() {
    handles = 0;
  }

  /** The last name is gone: no commit has to record the content any more. */
  void markUnlinked() {
    unlinked = true;
  }

  boolean isUnlinked() {
    return unlinked;
  }

  /** The content changed at this time. */
  synchronized void touch(Instant now) {
    modified = now;
  }

  /** The times were set by hand: what changed before does not count any more. */
  synchronized void forgetTouch() {
    modified = null;
  }

  /** Whether a commit has something to record of this file, be it only its times. */
  boolean isChanged() {
    return modified() != null || content.isChanged();
  }

  private synchronized @Nullable Instant modified() {
    return modified;
  }

  /**
   * The record with the times of what changed since it was written, which is about to be written
   * with the content's state. Until {@link #recorded} says that it was, the file shows what changed
   * all the same.
   */
  Inode.Builder toRecord(Inode record) {
    Instant touched = modified();
    synchronized (this) {
      beingRecorded = touched;
    }
    Inode.Builder changed = record.toBuilder();
    setTimes(changed, touched);
    return changed;
  }

  /** What was to be recorded of this file stands in the tree. */
  void recorded() {
    synchronized (this) {
      if (Objects.equals(modified, beingRecorded)) {
        modified = null;
      }
      beingRecorded = null;
    }
    content.recorded();
  }

  /** The record with what changed since it was written. */
  Inode current(Inode record) {
    Instant touched = modified();
    if (touched == null && record.getSize() == content.size()) {
      return record;
    }
    Inode.Builder changed = record.toBuilder().setSize(content.size());
    if (changed.getSize() != record.getSize()) {
      changed.clearInline();
    }
    setTimes(changed, touched);
    return changed.build();
  }

  private static void setTimes(Inode.Builder inode, @Nullable Instant touched) {
    if (touched == null) {
      return;
    }
    inode.setModified(Records.time(touched));
    // An attribute may have changed after the content did.
    if (Records.instant(inode.getChanged()).isBefore(touched)) {
      inode.setChanged(inode.getModified());
    }
  }
}
