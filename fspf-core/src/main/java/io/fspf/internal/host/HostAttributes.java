package io.fspf.internal.host;

import java.time.Instant;

/**
 * What the host says of one of its files; never followed through a symbolic link.
 *
 * @param kind the file's type
 * @param size in bytes
 * @param mode permission, set-id and sticky bits (07777); 0 where the host has none
 * @param uid the numeric owner; 0 where the host has none
 * @param gid the numeric group; 0 where the host has none
 * @param links the number of names
 * @param fileKey equal for two names of one file, and unequal for two files that exist at the same
 *     time
 */
public record HostAttributes(
    Kind kind,
    long size,
    int mode,
    int uid,
    int gid,
    long links,
    Instant modified,
    Instant accessed,
    Instant changed,
    Instant created,
    Object fileKey) {

  /** The types of host files. */
  public enum Kind {
    REGULAR,
    DIRECTORY,
    SYMLINK,
    /** A device, FIFO or socket. */
    SPECIAL
  }
}
