package io.fspf.internal.host;

import io.fspf.VolumePath;

/**
 * One call of a {@link SimulatedHost}.
 *
 * @param number counted from 1 since the host was made
 * @param path absolute on the host; for an open file the path that it was opened with
 * @param position in bytes, for reads and writes; the new size for {@link Kind#SET_SIZE}; otherwise
 *     0
 * @param length in bytes, for reads and writes; otherwise 0
 */
public record Operation(long number, Kind kind, VolumePath path, long position, int length) {

  /** What is called. */
  public enum Kind {
    OPEN(false),
    CREATE_FILE(true),
    READ(false),
    WRITE(true),
    SIZE(false),
    SET_SIZE(true),
    SYNC(true),
    ATTRIBUTES(false),
    LIST(false),
    READ_SYMBOLIC_LINK(false),
    EXTENDED_ATTRIBUTES(false),
    CREATE_DIRECTORY(true),
    CREATE_SYMBOLIC_LINK(true),
    CREATE_LINK(true),
    RENAME(true),
    DELETE(true),
    SET_MODE(true),
    SET_OWNER(true),
    SET_TIMES(true),
    SET_EXTENDED_ATTRIBUTE(true),
    SYNC_DIRECTORY(true),
    SPACE(false),
    LOCK(false);

    private final boolean changes;

    Kind(boolean changes) {
      this.changes = changes;
    }

    /** Whether it changes what is on the disk or how safe it is there. */
    public boolean changes() {
      return changes;
    }

    boolean syncs() {
      return this == SYNC || this == SYNC_DIRECTORY;
    }
  }
}
