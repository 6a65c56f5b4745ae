package io.fspf.internal.volume;

import io.fspf.AttributeChange;
import io.fspf.FileType;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostDirectory;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Changes attributes of files, also extended ones.
 *
 * <p>The caller holds the working state's shared lock; each change takes the namespace lock, and
 * takes effect as a whole or not at all. Thread-safe.
 */
final class AttributeChanges {
  private static final int MAX_XATTR = 64 << 10;

  private final WorkingState state;
  private final Places places;
  private final HostJournal journal;
  private final InstantSource clock;

  AttributeChanges(WorkingState state, Places places, HostJournal journal, InstantSource clock) {
    this.state = state;
    this.places = places;
    this.journal = journal;
    this.clock = clock;
  }

  /** As {@link io.fspf.Volume#setAttributes}. */
  void setAttributes(VolumePath path, AttributeChange change, boolean follow) throws IOException {
    try (Transaction transaction = Transaction.begin(state, clock)) {
      Position at = places.resolve(path, follow);
      if (at.isHost()) {
        setHostAttributes(at, change);
        return;
      }
      if (!at.isProtected()) {
        throw new ReadOnlyFileSystemException();
      }
      Inode inode = transaction.inode(at.inodeNumber());
      Inode.Builder changed = inode.toBuilder().setChanged(transaction.now());
      change.mode().ifPresent(mode -> changed.setMode(mode & 07777));
      change.uid().ifPresent(changed::setUid);
      change.gid().ifPresent(changed::setGid);
      change.modified().ifPresent(time -> changed.setModified(Records.time(time)));
      change.accessed().ifPresent(time -> changed.setAccessed(Records.time(time)));
      change.created().ifPresent(time -> changed.setCreated(Records.time(time)));
      OpenInode open = state.open().find(at.inodeNumber());
      if (open != null && change.modified().isPresent()) {
        transaction.then(open::forgetTouch);
      }
      if (at.region().isAuthenticated()
          && change.mode().isPresent()
          && at.type() != FileType.SYMLINK) {
        transaction.then(() -> journal.setMode(at.region(), at.pathInRegion(), changed.getMode()));
      }
      transaction.put(at.inodeNumber(), changed.build());
      transaction.apply();
    }
  }

  private static void setHostAttributes(Position at, AttributeChange change) throws IOException {
    HostDirectory host = at.region().hostDirectory();
    VolumePath path = at.pathInRegion();
    if (change.mode().isPresent()) {
      host.setMode(path, change.mode().getAsInt());
    }
    if (change.uid().isPresent() || change.gid().isPresent()) {
      host.setOwner(
          path, change.uid().orElse(at.host().uid()), change.gid().orElse(at.host().gid()));
    }
    if (change.modified().isPresent() || change.accessed().isPresent()) {
      host.setTimes(path, change.modified().orElse(null), change.accessed().orElse(null));
    }
  }

  /** As {@link io.fspf.Volume#setExtendedAttribute}. */
  void setExtendedAttribute(VolumePath path, Name name, byte @Nullable [] value, boolean follow)
      throws IOException {
    if (value != null && value.length > MAX_XATTR) {
      throw new FileSystemException(
          path.toString(), null, "An extended attribute has at most 64 KiB");
    }
    try (Transaction transaction = Transaction.begin(state, clock)) {
      Position at = places.resolve(path, follow);
      if (at.isHost()) {
        at.region().hostDirectory().setExtendedAttribute(at.pathInRegion(), name, value);
        return;
      }
      if (!at.isProtected()) {
        throw new ReadOnlyFileSystemException();
      }
      byte[] key = Keys.xattr(at.inodeNumber(), name);
      if (value == null) {
        transaction.edits().remove(key);
      } else {
        transaction.edits().put(key, value);
      }
      Inode inode = transaction.inode(at.inodeNumber());
      transaction.put(at.inodeNumber(), inode.toBuilder().setChanged(transaction.now()).build());
      transaction.apply();
    }
  }
}
