package io.fspf;

import java.time.Instant;

/**
 * The attributes of one file of a volume. In a protected region all of them come from the sealed
 * records, never from the host.
 *
 * @param type the kind of file
 * @param inode the number of the file in the volume, the same for all of its names; in a region
 *     that is not protected it is the host's, with the highest bit set
 * @param size in bytes; of a symbolic link the length of its target, of a directory 0
 * @param mode permission, set-id and sticky bits: 07777
 * @param uid the numeric owner
 * @param gid the numeric group
 * @param links how many names the file has
 * @param modified when the content last changed, in nanoseconds
 * @param accessed when the content was last read, as far as that is kept: reading does not change
 *     it
 * @param changed when an attribute last changed
 * @param created when the file was made
 */
public record FileAttributes(
    FileType type,
    long inode,
    long size,
    int mode,
    int uid,
    int gid,
    long links,
    Instant modified,
    Instant accessed,
    Instant changed,
    Instant created) {

  /** Whether this is a regular file. */
  public boolean isRegularFile() {
    return type == FileType.REGULAR;
  }

  /** Whether this is a directory. */
  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  /** Whether this is a symbolic link. */
  public boolean isSymbolicLink() {
    return type == FileType.SYMLINK;
  }
}
