package io.fspf.internal.volume;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The inodes that handles, or changes without a durable commit, keep in memory. Thread-safe. */
final class OpenInodes {
  private final ConcurrentHashMap<Long, OpenInode> table = new ConcurrentHashMap<>();

  /** The inode, if it is open. */
  @Nullable OpenInode find(long number) {
    return table.get(number);
  }

  /** Makes what is not open yet. */
  interface Maker {
    OpenInode make(long number) throws IOException;
  }

  /**
   * The inode with one handle more. One that is not open yet is made under the lock that {@link
   * #forget} takes too, so that it is made from what the last one left.
   */
  synchronized OpenInode acquire(long number, Maker maker) throws IOException {
    OpenInode inode = table.get(number);
    if (inode == null) {
      inode = maker.make(number);
      table.put(number, inode);
    }
    inode.addHandle();
    return inode;
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
   * Forgets an inode that has no handle.
   *
   * @return false if it has got one meanwhile
   */
  synchronized boolean forget(OpenInode inode) {
    return inode.handles() == 0 && table.remove(inode.number(), inode);
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
