package io.fspf.internal.volume;

import com.google.common.collect.Lists;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.format.Inode;
import io.fspf.internal.tree.Cursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * From inodes back to their names.
 *
 * <p>Made for one operation, so that all that it reads is of one moment. Thread-safe; reads only.
 */
final class InodeNames {
  private final InodeSource inodes;

  InodeNames(InodeSource inodes) {
    this.inodes = inodes;
  }

  /** Whether a path below a region's root is a name of the inode. */
  boolean leadsTo(MountedRegion region, VolumePath pathInRegion, long number) throws IOException {
    long at = region.rootInode();
    for (Name name : pathInRegion.names()) {
      byte[] value = inodes.tree().get(Keys.entry(at, name));
      if (value == null) {
        return false;
      }
      at = Records.entry(value).getInode();
    }
    return at == number;
  }

  /**
   * All names of a file of a region, as paths below the region's root. Goes through all directories
   * of the volume: for files with more than one name.
   *
   * @throws IntegrityException if there is none
   */
  List<VolumePath> namesOf(MountedRegion region, long number) throws IOException {
    var found = new ArrayList<VolumePath>();
    Cursor cursor = inodes.tree().cursor(Keys.inode(1));
    while (cursor.next()) {
      if (Keys.kindOf(cursor.key()) == Keys.ENTRY
          && Records.entry(cursor.value()).getInode() == number) {
        found.add(pathOf(region, Keys.inodeOf(cursor.key())).resolve(Keys.name(cursor.key())));
      }
    }
    if (found.isEmpty()) {
      throw new IntegrityException(null, -1, "a file has no name");
    }
    return found;
  }

  private VolumePath pathOf(MountedRegion region, long directory) throws IOException {
    var names = new ArrayList<Name>();
    var seen = new HashSet<Long>();
    long at = directory;
    while (at != region.rootInode()) {
      Inode inode = inodes.inode(at);
      if (inode == null || inode.getParent() == 0 || !seen.add(at)) {
        throw new IntegrityException(null, -1, "a directory does not lead to its region's root");
      }
      names.add(nameIn(inode.getParent(), at));
      at = inode.getParent();
    }
    return VolumePath.of(Lists.reverse(names));
  }

  private Name nameIn(long parent, long directory) throws IOException {
    Cursor cursor = inodes.tree().cursor(Keys.prefix(parent, Keys.ENTRY));
    while (cursor.next() && Keys.matches(cursor.key(), parent, Keys.ENTRY)) {
      if (Records.entry(cursor.value()).getInode() == directory) {
        return Keys.name(cursor.key());
      }
    }
    throw new IntegrityException(null, -1, "a directory is missing in the one above it");
  }
}
