package io.fspf.internal.volume;

import io.fspf.internal.format.Inode;

/**
 * Counts over the whole tree, as a commit records them: modulo 2^63, since a few files that are all
 * holes, or a commit that does not tell the truth, are enough to leave the range. Immutable.
 *
 * @param files regular files
 * @param bytes the sum of their sizes
 */
public record Totals(long files, long directories, long symlinks, long bytes) {
  /** Of an empty tree. */
  public static final Totals NONE = new Totals(0, 0, 0, 0);

  /** Brings every count into its range. */
  public Totals {
    files &= Long.MAX_VALUE;
    directories &= Long.MAX_VALUE;
    symlinks &= Long.MAX_VALUE;
    bytes &= Long.MAX_VALUE;
  }

  /** With one inode more. */
  public Totals plus(Inode inode) {
    return count(inode, 1);
  }

  /** With one inode less. */
  public Totals minus(Inode inode) {
    return count(inode, -1);
  }

  private Totals count(Inode inode, int sign) {
    return switch (inode.getType()) {
      case FILE_TYPE_REGULAR ->
          new Totals(files + sign, directories, symlinks, bytes + sign * inode.getSize());
      case FILE_TYPE_DIRECTORY -> new Totals(files, directories + sign, symlinks, bytes);
      default -> new Totals(files, directories, symlinks + sign, bytes);
    };
  }
}
