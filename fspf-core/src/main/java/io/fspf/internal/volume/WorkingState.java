package io.fspf.internal.volume;

import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * What an open volume is at the moment: the last commit's tree with all changes since.
 *
 * <p>Readers take the tree as it is, without a lock. A change of the tree holds {@link #namespace};
 * whatever changes anything holds {@link #shared} as well, which a commit excludes for the moment
 * in which it fixes its state. Order of locks: shared or exclusive, then namespace, then a
 * content's own.
 */
final class WorkingState {
  private final ReentrantReadWriteLock freeze = new ReentrantReadWriteLock();
  private final ReentrantLock namespace = new ReentrantLock();
  private final OpenInodes open;
  private final DecodedInodes decoded = new DecodedInodes();
  private volatile Tree tree;
  private volatile boolean changed;

  // Guarded by namespace.
  private long nextInode;
  private Totals totals;
  private @Nullable List<TreeEdits> recorded;

  WorkingState(Tree tree, long nextInode, Totals totals, OpenInodes open) {
    this.tree = tree;
    this.nextInode = nextInode;
    this.totals = totals;
    this.open = open;
  }

  /** Held by everything that changes the volume, while it does. */
  Lock shared() {
    return freeze.readLock();
  }

  /** Held by a commit while it fixes its state. */
  Lock exclusive() {
    return freeze.writeLock();
  }

  /** Returns when all changes that are under way have ended. */
  void awaitChanges() {
    exclusive().lock();
    try {
      // They held the shared lock.
    } finally {
      exclusive().unlock();
    }
  }

  /** Returns when the change of the tree that is under way, if there is one, has ended. */
  void awaitTransaction() {
    namespace.lock();
    try {
      // It held the lock.
    } finally {
      namespace.unlock();
    }
  }

  /** Held while the tree is changed. */
  Lock namespace() {
    return namespace;
  }

  OpenInodes open() {
    return open;
  }

  /** The tree at the moment. */
  Tree tree() {
    return tree;
  }

  /**
   * The inodes of the tree at the moment, with what open files changed: later changes of the tree
   * do not show, but for what was changed through files that were open.
   */
  InodeSource inodes() {
    Tree fixed = tree;
    return new InodeSource() {
      @Override
      public Tree tree() {
        return fixed;
      }

      @Override
      public @Nullable Inode inode(long number) throws IOException {
        Inode record = recorded(fixed, number);
        if (record == null || record.getType() != FileType.FILE_TYPE_REGULAR) {
          return record;
        }
        OpenInode inode = open.find(number);
        if (inode != null) {
          return inode.current(record);
        }
        // What the file had changed may have gone into a newer record since the tree was fixed.
        Inode newer = tree == fixed ? null : recorded(number);
        return newer == null ? record : newer;
      }
    };
  }

  /** The record in the tree, without what an open file changed since. */
  @Nullable Inode recorded(long number) throws IOException {
    return recorded(tree, number);
  }

  private @Nullable Inode recorded(Tree from, long number) throws IOException {
    byte[] record = from.get(Keys.inode(number));
    return record == null ? null : decoded.inode(number, record);
  }

  /** Puts an inode's record into edits that are going to be {@linkplain #apply applied}. */
  void record(long number, Inode inode, TreeEdits edits) {
    edits.put(Keys.inode(number), decoded.encoded(number, inode));
  }

  /** Changes the tree; under {@link #namespace}. */
  void apply(TreeEdits edits) throws IOException {
    tree = tree.apply(edits);
    changed = true;
    if (recorded != null) {
      recorded.add(edits);
    }
  }

  /** Takes over a tree that was made from this one elsewhere; under {@link #namespace}. */
  void adopt(Tree changedTree, long newNextInode, Totals newTotals) {
    if (recorded != null) {
      throw new IllegalStateException("The tree is moving to another file");
    }
    tree = changedTree;
    nextInode = newNextInode;
    totals = newTotals;
    changed = true;
  }

  /** From now on keeps all changes of the tree, for {@link #moveTo}; under {@link #namespace}. */
  void startRecording() {
    recorded = new ArrayList<>();
  }

  /** Forgets what was recorded; under {@link #namespace}. */
  void stopRecording() {
    recorded = null;
  }

  /**
   * Goes on with the tree of another file, which holds the state in which the recording started;
   * under {@link #namespace}.
   */
  void moveTo(Tree base) throws IOException {
    Tree moved = base;
    for (TreeEdits edits : Objects.requireNonNull(recorded)) {
      moved = moved.apply(edits);
    }
    recorded = null;
    tree = moved;
  }

  /** Some content changed. */
  void markChanged() {
    changed = true;
  }

  /** Whether a commit has something to do. */
  boolean isChanged() {
    return changed;
  }

  /** The present state is in a commit; under {@link #exclusive}. */
  void markFrozen() {
    changed = false;
  }

  long newInode() {
    return nextInode++;
  }

  long nextInode() {
    return nextInode;
  }

  Totals totals() {
    return totals;
  }

  void setTotals(Totals totals) {
    this.totals = totals;
  }
}
