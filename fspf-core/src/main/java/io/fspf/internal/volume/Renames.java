package io.fspf.internal.volume;

import io.fspf.FileType;
import io.fspf.VolumePath;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostDirectory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives files other names within their region.
 *
 * <p>The caller holds the working state's shared lock; each change takes the namespace lock, and
 * takes effect as a whole or not at all. Thread-safe.
 */
final class Renames {
  private final WorkingState state;
  private final Places places;
  private final HostJournal journal;
  private final Removals removals;
  private final InstantSource clock;

  Renames(
      WorkingState state,
      Places places,
      HostJournal journal,
      Removals removals,
      InstantSource clock) {
    this.state = state;
    this.places = places;
    this.journal = journal;
    this.removals = removals;
    this.clock = clock;
  }

  /** What a move within a region did to the host's names. */
  record Moved(MountedRegion region, VolumePath from, VolumePath to) {}

  /**
   * Moves within a region.
   *
   * @return what moved in an authenticated region, or null
   */
  @Nullable Moved move(VolumePath from, VolumePath to, boolean replace) throws IOException {
    return move(from, to, replace, journal::rename);
  }

  /**
   * Moves what no commit knows yet, and the host therefore neither, in the place of something.
   *
   * @return as {@link #move}
   */
  @Nullable Moved replaceByDraft(VolumePath draft, VolumePath to) throws IOException {
    return move(draft, to, true, journal::relocate);
  }

  /** What has to be done on the host of an authenticated region. */
  private interface HostMove {
    void move(MountedRegion region, VolumePath from, VolumePath to);
  }

  private @Nullable Moved move(VolumePath from, VolumePath to, boolean replace, HostMove onHost)
      throws IOException {
    try (Transaction transaction = Transaction.begin(state, clock)) {
      Place source = places.place(from);
      Position moved = source.present();
      if (moved == null) {
        throw new NoSuchFileException(from.toString());
      }
      Place target = places.place(to);
      Position present = target.present();
      Places.requireFree(moved);
      Places.requireSameRegion(moved, target, "The move leads into another region");
      if (present != null) {
        if (Places.isSame(moved, present)) {
          return null;
        }
        if (!replace) {
          throw new FileAlreadyExistsException(to.toString());
        }
        Places.requireFree(present);
      }
      for (Position above = target.directory(); ; above = above.parent()) {
        if (Places.isSame(above, moved)) {
          throw new FileSystemException(
              from.toString(), to.toString(), "A directory cannot be moved into itself");
        }
        if (above.isRoot()) {
          break;
        }
      }
      if (moved.isHost()) {
        HostDirectory host = moved.region().hostDirectory();
        boolean replacesOtherKind =
            present != null
                && (present.type() == FileType.DIRECTORY || moved.type() == FileType.DIRECTORY);
        if (replacesOtherKind) {
          host.delete(target.pathInRegion());
        }
        host.rename(moved.pathInRegion(), target.pathInRegion());
        return null;
      }
      if (present != null) {
        removals.remove(transaction, target, present);
      }
      rename(transaction, source, target, moved);
      MountedRegion region = moved.region();
      if (!region.isAuthenticated()) {
        transaction.apply();
        return null;
      }
      transaction.then(() -> onHost.move(region, source.pathInRegion(), target.pathInRegion()));
      journal.applyTogether(transaction);
      return new Moved(region, source.pathInRegion(), target.pathInRegion());
    }
  }

  private static void rename(Transaction transaction, Place source, Place target, Position moved)
      throws IOException {
    long number = moved.inodeNumber();
    Inode inode = transaction.inode(number);
    transaction.unlink(source.directory(), source.name(), inode.getType());
    transaction.link(target.directory(), target.name(), number, inode.getType());
    Inode.Builder changed = inode.toBuilder().setChanged(transaction.now());
    if (inode.getType() == io.fspf.internal.format.FileType.FILE_TYPE_DIRECTORY) {
      changed.setParent(target.directory().inodeNumber());
    }
    transaction.put(number, changed.build());
  }
}
