package io.fspf.internal.volume;

import com.google.common.io.BaseEncoding;
import io.fspf.Name;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.CryptoContext;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves files: within a region by a change of names, into another one by way of a copy.
 *
 * <p>Thread-safe. A move between regions has the committer's lock all the time, one within an
 * authenticated region too; then come the shared and the namespace lock, as for every change.
 */
final class Moves {
  private final LiveVolume volume;
  private final WorkingState state;
  private final Committer committer;
  private final Renames renames;
  private final ChangeGate gate;
  private final CryptoContext crypto;

  /**
   * For one volume.
   *
   * @param crypto for names that nobody else chooses
   */
  Moves(
      LiveVolume volume,
      WorkingState state,
      Committer committer,
      Renames renames,
      ChangeGate gate,
      CryptoContext crypto) {
    this.volume = volume;
    this.state = state;
    this.committer = committer;
    this.renames = renames;
    this.gate = gate;
    this.crypto = crypto;
  }

  /** As {@link io.fspf.Volume#move}. */
  void move(VolumePath from, VolumePath to, CopyOption... options) throws IOException {
    List<CopyOption> given = Arrays.asList(options);
    boolean atomic = given.contains(StandardCopyOption.ATOMIC_MOVE);
    boolean replace = atomic || given.contains(StandardCopyOption.REPLACE_EXISTING);
    Region source = volume.reading(from, names -> names.regionAt(from));
    Region target = volume.reading(to, names -> names.regionAt(to));
    if (!source.equals(target)) {
      if (atomic) {
        throw new AtomicMoveNotSupportedException(
            from.toString(), to.toString(), "The move leads into another region");
      }
      volume.reading(
          from,
          names -> {
            Places.requireFree(names.resolve(from, false));
            return from;
          });
      moveAcross(from, to, replace);
      return;
    }
    Committer.Change change = () -> moveWithin(() -> renames.move(from, to, replace));
    if (source.protection() == Protection.AUTHENTICATED) {
      gate.changeAlone(from, change);
    } else {
      gate.change(from, change);
    }
  }

  private void moveAcross(VolumePath from, VolumePath to, boolean replace) throws IOException {
    byte[] suffix = crypto.random().bytes(8);
    var move =
        new CrossRegionMove(
            volume,
            this,
            Name.of(".fspf-moving-" + BaseEncoding.base16().lowerCase().encode(suffix)));
    gate.prepare();
    VolumePath unused =
        committer.exclusively(
            log -> {
              move.move(from, to, replace);
              return to;
            });
  }

  /** Puts what no commit knows yet in the place of something in the same directory. */
  void replaceByDraft(VolumePath draft, VolumePath to) throws IOException {
    gate.change(to, () -> moveWithin(() -> renames.replaceByDraft(draft, to)));
  }

  private interface Moving {
    Renames.@Nullable Moved move() throws IOException;
  }

  /** Together: whoever opens a file at a name finds it to stand there. */
  private void moveWithin(Moving moving) throws IOException {
    state.namespace().lock();
    try {
      Renames.Moved moved = moving.move();
      if (moved != null) {
        relocate(moved);
      }
    } finally {
      state.namespace().unlock();
    }
  }

  /** Open files of an authenticated region learn where they stand after a move. */
  private void relocate(Renames.Moved moved) {
    for (OpenInode inode : state.open().all()) {
      if (inode.region().id() == moved.region().id()
          && inode.store() instanceof PlainStore store
          && store.path().startsWith(moved.from())) {
        store.setPath(moved.to().resolve(store.path().relativize(moved.from())));
      }
    }
  }
}
