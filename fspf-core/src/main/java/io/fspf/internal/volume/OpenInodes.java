package io.fspf.internal.volume;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The inodes that handles, or changes without a durable commit, keep in memory. Thread-safe. */
final class OpenInodes {
  private final ConcurrentHashMap<Long, OpenInode> table = new ConcurrentHashMap<>();

  /** What is being removed. */
  private final Set<Long> claimed = new HashSet<>();

  /** The inode, if it is open. */
  @Nullable OpenInode find(long number) {
    return table.get(number);
  }

  /** Makes what is not open yet. */
  interface Maker {
    /** Null if there is no such inode any more. */
    @Nullable OpenInode make(long number) throws IOException;
  }

  /**
   * The inode with one handle more. One that is not open yet is made under the lock that {@link
   * #forget} takes too, so that it is made from what the last one left.
   *
   * @return null if the inode is removed, or just being removed
   */
  synchronized @Nullable OpenInode acquire(long number, Maker maker) throws IOException {
    if (claimed.contains(number)) {
      return null;
    }
    OpenInode inode = table.get(number);
    if (inode == null) {
      inode = maker.make(number);
      if (inode == null) {
        return null;
      }
      table.put(number, inode);
    }
    inode.addHandle();
    return inode;
  }

  /** Whether the inode has no handle; then it gets none before {@link #unclaim}. */
  synchronized boolean claim(long number) {
    return !isOpen(number) && claimed.add(number);
  }

  synchronized void unclaim(long number) {
    claimed.remove(number);
  }

  /**
   * One handle less.
   *
   * @return whether that was the last one
   */
  synchronized boolean release(OpenInode inode) {
    inode.removeHandle();
    return inode.handles() == 0;
  }

  /**
   * Forgets an inode that has no handle, and nothing that is needed.
   *
   * @return whether it is forgotten, so that it can be closed
   */
  synchronized boolean forget(OpenInode inode) {
    return inode.handles() == 0
        && !inode.isChanged()
        && !inode.content().isBusy()
        && !inode.content().isUnsynced()
        && table.remove(inode.number(), inode);
  }

  /** Takes out an inode that is claimed: it is no more. */
  synchronized void remove(OpenInode inode) {
    table.remove(inode.number(), inode);
  }

  synchronized boolean isOpen(long number) {
    OpenInode inode = table.get(number);
    return inode != null && inode.handles() > 0;
  }

  /** Takes all handles away. */
  synchronized Collection<OpenInode> abandonAll() {
    table.values().forEach(OpenInode::removeHandles);
    return all();
  }

  Collection<OpenInode> all() {
    return List.copyOf(table.values());
  }
}
