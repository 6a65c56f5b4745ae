package io.fspf.internal.tree;

/**
 * What a commit says of the volume besides its tree; all of it is up to the room above.
 *
 * @param nextInode every inode number below it has been used at some time
 * @param files the number of regular files
 * @param directories their number
 * @param symlinks their number
 * @param bytes the sum of the sizes of the regular files
 */
public record CommitFields(
    long nextInode, long files, long directories, long symlinks, long bytes) {
  /** Checks that nothing is negative. */
  public CommitFields {
    if ((nextInode | files | directories | symlinks | bytes) < 0) {
      throw new IllegalArgumentException("A negative count");
    }
  }
}
