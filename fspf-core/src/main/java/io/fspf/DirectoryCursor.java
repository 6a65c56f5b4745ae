package io.fspf;

import java.io.IOException;

/**
 * Goes through the entries of one directory in the order of their names, as they stood when it was
 * opened. Needs no closing. For one thread.
 */
public interface DirectoryCursor {
  /**
   * Moves to the next entry.
   *
   * @return false when there is none
   * @throws IntegrityException if the listing is not what was committed
   */
  boolean next() throws IOException;

  /**
   * The entry that {@link #next} moved to.
   *
   * @throws IllegalStateException before the first or after the last entry
   */
  DirectoryEntry entry();
}
