package io.fspf.internal.volume;

import io.fspf.internal.format.Inode;
import io.fspf.internal.tree.Tree;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where one operation reads: a tree that does not change under it, and in a volume that changes
 * also what open files have above it. Thread-safe.
 */
interface InodeSource {
  /** The tree that holds all but what an open file changed. */
  Tree tree();

  /** The present record of an inode, or null where there is none. */
  @Nullable Inode inode(long number) throws IOException;
}
