package io.fspf;

/**
 * What writers that never closed the volume left behind. None of it is damage: the volume opens at
 * its last whole commit, and the next writer finishes or drops the rest.
 *
 * @param openForWriting whether the last commit is of a writer that did not close the volume, so
 *     that object files may be longer than the commit needs
 * @param trailingBytes how many bytes stand behind the last whole commit: those of an unfinished
 *     one, or of the host
 * @param pendingHostOperations how many changes of host files in authenticated regions the last
 *     commit decided, some of which may not have been carried out
 * @param unlinkedFiles how many files had no name any more but were open
 * @param discardedObjects how many object files no state needs any more
 */
public record CrashRemains(
    boolean openForWriting,
    long trailingBytes,
    long pendingHostOperations,
    long unlinkedFiles,
    long discardedObjects) {

  /** Whether nothing is left to do. */
  public boolean isClean() {
    return !openForWriting
        && trailingBytes == 0
        && pendingHostOperations == 0
        && unlinkedFiles == 0
        && discardedObjects == 0;
  }
}
