package io.fspf.internal.volume;

import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.format.Inode;
import org.jspecify.annotations.Nullable;

/**
 * A directory, and a name in it that is free or taken.
 *
 * @param present what has the name; null if it is free
 */
record Place(Position directory, Name name, @Nullable Position present) {
  /** The file that has got the name. */
  Position taken(long number, Inode inode) {
    return new Position(directory, name, directory.region(), null, number, inode, null);
  }

  /** The path from the volume's root, without symbolic links above the name. */
  VolumePath path() {
    return directory.path().resolve(name);
  }

  /** The path below the region's root. */
  VolumePath pathInRegion() {
    return directory.pathInRegion().resolve(name);
  }
}
