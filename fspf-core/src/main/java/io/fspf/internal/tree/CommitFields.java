package io.fspf.internal.tree;

/**
 * What a commit says of the volume besides its tree; all of it is up to the room above.
 *
 * @param nextInode every inode number below it has been used at some time
 * @param files the number of regular files
 * @param directories their number
 * @param symlinks their number
 * @param bytes the sum of the sizes of the regular files
 * @param openForWriting whether a writer is at work, so that object files may hold what no commit
 *     knows
 */
public record CommitFields(
    long nextInode,
    long files,
    long directories,
    long symlinks,
    long bytes,
    boolean openForWriting) {
  /** Checks that nothing is negative. */
  public CommitFields {
    if ((nextInode | files | directories | symlinks | bytes) < 0) {
      throw new IllegalArgumentException("A negative count");
    }
  }
}
