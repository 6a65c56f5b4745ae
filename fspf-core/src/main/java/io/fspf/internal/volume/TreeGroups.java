package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.internal.file.GroupSource;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.Tree;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The chunk groups of one inode in a tree. Thread-safe. */
final class TreeGroups implements GroupSource {
  private final Supplier<Tree> tree;
  private final long inode;

  TreeGroups(Supplier<Tree> tree, long inode) {
    this.tree = tree;
    this.inode = inode;
  }

  @Override
  public byte @Nullable [] group(long group) throws IOException {
    return tree.get().get(Keys.group(inode, group));
  }

  @Override
  public long next(long from) throws IOException {
    Cursor cursor = tree.get().cursor(Keys.group(inode, from));
    boolean found = cursor.next() && Keys.matches(cursor.key(), inode, Keys.GROUP);
    if (!found) {
      return -1;
    }
    long group = Keys.number(cursor.key());
    if (group < 0) {
      throw new IntegrityException(null, -1, "the key of a record is malformed");
    }
    return group;
  }
}
