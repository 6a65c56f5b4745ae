package io.fspf.internal.volume;

import io.fspf.internal.file.ChunkGroup;
import io.fspf.internal.file.FileContent;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.format.Inode;
import io.fspf.internal.tree.TreeEdits;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Puts what changed in open files into edits of the tree: the content's state, its chunk groups,
 * the file's size and times.
 *
 * <p>Order of locks: the namespace lock, then the content's own. Thread-safe.
 */
final class ContentRecorder {
  private final WorkingState state;
  private final RegionStores stores;
  private final InstantSource clock;

  ContentRecorder(WorkingState state, RegionStores stores, InstantSource clock) {
    this.state = state;
    this.stores = stores;
    this.clock = clock;
  }

  /**
   * Records a file for a commit, under the namespace lock; nobody changes it meanwhile. The caller
   * applies the edits, and then tells the inode that it is {@linkplain OpenInode#recorded
   * recorded}.
   *
   * @param files gets what must be durable before the commit is, to be closed, also if this fails
   */
  void record(OpenInode inode, TreeEdits edits, List<FileContent.HostFileToSync> files)
      throws IOException {
    Inode before = state.recorded(inode.number());
    if (before == null) {
      return;
    }
    Inode.Builder after = inode.toRecord(before);
    FileContent.Frozen content = inode.content().freeze();
    FileContent.HostFileToSync file = content.hostFile();
    if (file != null) {
      files.add(file);
    }
    record(inode, before, after, content, edits);
  }

  /**
   * Puts a content that stands whole in the file's record into the tree, while others may write it.
   * The caller holds the shared lock; takes the namespace lock.
   */
  void settleInline(OpenInode inode) throws IOException {
    try (Transaction transaction = Transaction.begin(state, clock)) {
      if (recordInline(inode, transaction.edits())) {
        state.apply(transaction.edits());
        inode.recorded();
      }
    } catch (Throwable e) {
      inode.content().markChanged();
      throw e;
    }
  }

  /** Returns false if the content does not stand in the record, or if nothing changed. */
  private boolean recordInline(OpenInode inode, TreeEdits edits) throws IOException {
    Inode before = state.recorded(inode.number());
    if (before == null) {
      return false;
    }
    // First the times: a change that comes between is recorded with the one before it.
    Inode.Builder after = inode.toRecord(before);
    FileContent.Frozen content = inode.content().freezeInline();
    if (content == null) {
      return false;
    }
    record(inode, before, after, content, edits);
    return true;
  }

  private void record(
      OpenInode inode,
      Inode before,
      Inode.Builder after,
      FileContent.Frozen content,
      TreeEdits edits)
      throws IOException {
    Records.setContent(after, content.state());
    Inode built = after.build();
    state.record(inode.number(), built, edits);
    for (Map.Entry<Long, ChunkGroup> group : content.groups().entrySet()) {
      byte[] key = Keys.group(inode.number(), group.getKey());
      if (group.getValue().isEmpty()) {
        edits.remove(key);
      } else {
        edits.put(key, group.getValue().encode());
      }
    }
    if (content.staged()) {
      FileIdentity identity = Objects.requireNonNull(content.state().identity());
      stores.publish(inode, identity, built, new InodeNames(state.inodes()));
    }
    state.setTotals(state.totals().minus(before).plus(built));
  }
}
