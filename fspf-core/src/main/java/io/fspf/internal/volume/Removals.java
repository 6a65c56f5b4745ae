package io.fspf.internal.volume;

import io.fspf.VolumePath;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.format.Inode;
import io.fspf.internal.format.Orphan;
import io.fspf.internal.tree.Cursor;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;

/**
 * Takes names away, and removes inodes that have none any more: at once, or when whoever has them
 * open lets go of them.
 *
 * <p>The caller holds the working state's shared lock; each change takes the namespace lock, and
 * takes effect as a whole or not at all. Thread-safe.
 */
final class Removals {
  /** Set in the sequence of an orphan record that stands for an open inode without a name. */
  private static final long UNLINKED = 1L << 62;

  private final WorkingState state;
  private final Places places;
  private final HostJournal journal;
  private final RegionStores.DiscardListener discards;
  private final InstantSource clock;

  Removals(
      WorkingState state,
      Places places,
      HostJournal journal,
      RegionStores.DiscardListener discards,
      InstantSource clock) {
    this.state = state;
    this.places = places;
    this.journal = journal;
    this.discards = discards;
    this.clock = clock;
  }

  /** As {@link io.fspf.Volume#delete}. */
  void delete(VolumePath path) throws IOException {
    try (Transaction transaction = Transaction.begin(state, clock)) {
      Place place = places.place(path);
      Position present = place.present();
      if (present == null) {
        throw new NoSuchFileException(path.toString());
      }
      Places.requireFree(present);
      if (present.isHost()) {
        present.region().hostDirectory().delete(present.pathInRegion());
        return;
      }
      remove(transaction, place, present);
      transaction.apply();
    }
  }

  /** Takes a name away, and the inode with it if it was the last one and nobody has it open. */
  void remove(Transaction transaction, Place place, Position present) throws IOException {
    long number = present.inodeNumber();
    Inode inode = transaction.inode(number);
    boolean directory = inode.getType() == io.fspf.internal.format.FileType.FILE_TYPE_DIRECTORY;
    boolean authenticated = present.region().isAuthenticated();
    if (directory && !isEmpty(number)) {
      throw new DirectoryNotEmptyException(present.path().toString());
    }
    transaction.unlink(place.directory(), place.name(), inode.getType());
    int left = directory ? 0 : inode.getLinks() - 1;
    OpenInode open = state.open().find(number);
    if (open != null && authenticated) {
      // What is changed or read later may need what stands under the name.
      open.content().pin();
    }
    if (left > 0) {
      transaction.put(
          number, inode.toBuilder().setLinks(left).setChanged(transaction.now()).build());
    } else if (transaction.claim(number)) {
      removeInode(transaction, number, inode);
    } else {
      transaction.put(number, inode.toBuilder().setLinks(0).setChanged(transaction.now()).build());
      transaction
          .edits()
          .put(
              Keys.orphan(UNLINKED | number),
              Orphan.newBuilder()
                  .setRegion(inode.getRegion())
                  .setInode(number)
                  .build()
                  .toByteArray());
      transaction.then(() -> unlinked(number));
    }
    if (authenticated) {
      transaction.then(() -> journal.remove(present.region(), place.pathInRegion()));
    }
  }

  /** The last name of an open inode is gone. */
  private void unlinked(long number) throws IOException {
    OpenInode open = state.open().find(number);
    if (open != null) {
      open.markUnlinked();
    }
    // Whoever closed the last handle meanwhile saw the name still there.
    removeUnlinked(number);
  }

  private void removeInode(Transaction transaction, long number, Inode inode) throws IOException {
    transaction.remove(number, inode);
    transaction.then(
        () -> {
          OpenInode open = state.open().find(number);
          if (open != null) {
            state.open().remove(open);
            open.content().drop();
          } else if (inode.getType() == io.fspf.internal.format.FileType.FILE_TYPE_REGULAR) {
            FileIdentity identity = Records.content(inode).identity();
            if (identity != null && identity.isEncrypted()) {
              discards.discarded(inode.getRegion(), identity);
            }
          }
        });
  }

  private boolean isEmpty(long directory) throws IOException {
    Cursor cursor = state.tree().cursor(Keys.prefix(directory, Keys.ENTRY));
    return !cursor.next() || !Keys.matches(cursor.key(), directory, Keys.ENTRY);
  }

  /** Removes an inode that lost its name while it was open, and whose last handle is closed. */
  void removeUnlinked(long number) throws IOException {
    try (Transaction transaction = Transaction.begin(state, clock)) {
      Inode inode = state.recorded(number);
      if (inode != null && inode.getLinks() == 0 && transaction.claim(number)) {
        transaction.edits().remove(Keys.orphan(UNLINKED | number));
        removeInode(transaction, number, inode);
        transaction.apply();
      }
    }
  }
}
