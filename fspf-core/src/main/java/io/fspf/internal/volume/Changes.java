package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import io.fspf.AttributeChange;
import io.fspf.FileOwner;
import io.fspf.FileType;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentState;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.file.FileKeys;
import io.fspf.internal.format.Inode;
import io.fspf.internal.format.Orphan;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.tree.Cursor;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes of names and attributes. Each takes effect in the working state as a whole or not at all.
 *
 * <p>The caller holds the working state's shared lock. Thread-safe.
 */
final class Changes {
  /** Set in the sequence of an orphan record that stands for an open inode without a name. */
  private static final long UNLINKED = 1L << 62;

  private static final Name DOT = Name.of(".");
  private static final Name DOT_DOT = Name.of("..");
  private static final int MAX_XATTR = 64 << 10;

  private final WorkingState state;
  private final Supplier<Namespace> names;
  private final HostJournal journal;
  private final FileKeys keys;
  private final ContentRecorder contents;
  private final RegionStores.DiscardListener discards;
  private final Optional<FileOwner> owner;
  private final InstantSource clock;

  Changes(
      WorkingState state,
      Supplier<Namespace> names,
      HostJournal journal,
      FileKeys keys,
      ContentRecorder contents,
      RegionStores.DiscardListener discards,
      Optional<FileOwner> owner,
      InstantSource clock) {
    this.state = state;
    this.names = names;
    this.journal = journal;
    this.keys = keys;
    this.contents = contents;
    this.discards = discards;
    this.owner = owner;
    this.clock = clock;
  }

  /** A directory, and a name in it that is free or taken. */
  record Place(Position directory, Name name, @Nullable Position present) {
    VolumePath path() {
      return directory.path().resolve(name);
    }

    VolumePath pathInRegion() {
      return directory.pathInRegion().resolve(name);
    }
  }

  private Transaction begin() {
    return new Transaction(state, Records.time(clock.instant()));
  }

  /** Where a path without a trailing symbolic link to follow leads. */
  private Place place(VolumePath path) throws IOException {
    if (path.isRoot()) {
      throw new FileAlreadyExistsException("/");
    }
    Name name = path.name();
    if (name.equals(DOT_DOT) || name.equals(DOT)) {
      throw new FileSystemException(path.toString(), null, "No name for a file");
    }
    Namespace now = names.get();
    Position directory = now.resolve(path.parent(), true);
    if (directory.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(path.parent().toString());
    }
    return new Place(directory, name, now.child(directory, name));
  }

  private Place freePlace(VolumePath path) throws IOException {
    Place place = place(path);
    if (place.present() != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    Position directory = place.directory();
    if (!directory.isProtected() && !directory.isHost()) {
      throw new ReadOnlyFileSystemException();
    }
    boolean reserved =
        directory.isProtected()
            && directory.region().isAuthenticated()
            && directory.inodeNumber() == directory.region().rootInode()
            && place.name().equals(HostJournal.STAGING);
    if (reserved) {
      throw new FileSystemException(path.toString(), null, "The name is reserved");
    }
    return place;
  }

  /** What a new inode has in common with all others. */
  private Inode.Builder newInode(Transaction transaction, Place place, int mode)
      throws IOException {
    Position directory = place.directory();
    Inode above = transaction.inode(directory.inodeNumber());
    return Inode.newBuilder()
        .setRegion(directory.region().id())
        .setMode(mode & 07777)
        .setUid(owner.map(FileOwner::uid).orElse(above.getUid()))
        .setGid(owner.map(FileOwner::gid).orElse(above.getGid()))
        .setLinks(1)
        .setModified(transaction.now())
        .setChanged(transaction.now())
        .setAccessed(transaction.now())
        .setCreated(transaction.now());
  }

  /**
   * Makes an empty regular file.
   *
   * @return where it stands
   */
  Position createFile(VolumePath path, int mode) throws IOException {
    try (Transaction transaction = begin()) {
      Place place = freePlace(path);
      if (place.directory().isHost()) {
        HostDirectory host = place.directory().region().hostDirectory();
        host.open(place.pathInRegion(), HostDirectory.Mode.CREATE).close();
        host.setMode(place.pathInRegion(), mode);
        return names.get().resolve(path, false);
      }
      Region region = place.directory().region().region();
      Inode.Builder inode =
          newInode(transaction, place, mode)
              .setType(io.fspf.internal.format.FileType.FILE_TYPE_REGULAR);
      if (place.directory().region().isAuthenticated()) {
        FileKeys.Fresh fresh = keys.create(place.directory().region().id(), region);
        Records.setContent(
            inode, new ContentState(0, null, fresh.identity(), fresh.storedKey(), 0, 0));
      }
      addNamed(transaction, place, inode.build());
      return names.get().resolve(path, false);
    }
  }

  private static void addNamed(Transaction transaction, Place place, Inode inode)
      throws IOException {
    long number = transaction.add(inode);
    transaction.link(place.directory().inodeNumber(), place.name(), number, inode.getType());
    transaction.apply();
  }

  void createDirectory(VolumePath path, int mode) throws IOException {
    try (Transaction transaction = begin()) {
      Place place = freePlace(path);
      if (place.directory().isHost()) {
        HostDirectory host = place.directory().region().hostDirectory();
        host.createDirectory(place.pathInRegion());
        host.setMode(place.pathInRegion(), mode);
        return;
      }
      MountedRegion region = place.directory().region();
      if (region.isAuthenticated()) {
        transaction.then(
            () -> {
              journal.makeDirectory(region, place.pathInRegion());
              journal.setMode(region, place.pathInRegion(), mode & 07777);
            });
      }
      addNamed(
          transaction,
          place,
          newInode(transaction, place, mode)
              .setType(io.fspf.internal.format.FileType.FILE_TYPE_DIRECTORY)
              .setLinks(2)
              .setParent(place.directory().inodeNumber())
              .build());
    }
  }

  void createSymbolicLink(VolumePath link, byte[] target) throws IOException {
    if (target.length == 0 || target.length > 4095 || contains(target, (byte) 0)) {
      throw new FileSystemException(link.toString(), null, "No target for a symbolic link");
    }
    try (Transaction transaction = begin()) {
      Place place = freePlace(link);
      MountedRegion region = place.directory().region();
      if (place.directory().isHost()) {
        region.hostDirectory().createSymbolicLink(place.pathInRegion(), target);
        return;
      }
      if (region.isAuthenticated()) {
        transaction.then(() -> journal.makeSymlink(region, place.pathInRegion(), target));
      }
      addNamed(
          transaction,
          place,
          newInode(transaction, place, 0777)
              .setType(io.fspf.internal.format.FileType.FILE_TYPE_SYMLINK)
              .setTarget(ByteString.copyFrom(target))
              .build());
    }
  }

  private static boolean contains(byte[] bytes, byte wanted) {
    for (byte b : bytes) {
      if (b == wanted) {
        return true;
      }
    }
    return false;
  }

  void createLink(VolumePath link, VolumePath existing) throws IOException {
    try (Transaction transaction = begin()) {
      Position source = names.get().resolve(existing, false);
      Place place = freePlace(link);
      if (source.type() == FileType.DIRECTORY) {
        throw new FileSystemException(
            link.toString(), existing.toString(), "A directory has one name");
      }
      requireSameRegion(source, place, "A link leads into another region");
      MountedRegion region = source.region();
      if (source.isHost()) {
        region.hostDirectory().createLink(place.pathInRegion(), source.pathInRegion());
        return;
      }
      Inode inode = transaction.inode(source.inodeNumber());
      transaction.put(
          source.inodeNumber(),
          inode.toBuilder().setLinks(inode.getLinks() + 1).setChanged(transaction.now()).build());
      transaction.link(
          place.directory().inodeNumber(), place.name(), source.inodeNumber(), inode.getType());
      if (region.isAuthenticated()) {
        transaction.then(
            () -> journal.makeLink(region, source.pathInRegion(), place.pathInRegion()));
      }
      applyWithJournal(transaction);
    }
  }

  private static void requireSameRegion(Position source, Place place, String otherwise)
      throws IOException {
    boolean same =
        (source.isProtected() || source.isHost())
            && (place.directory().isProtected() || place.directory().isHost())
            && source.region().id() == place.directory().region().id();
    if (!same) {
      throw new FileSystemException(source.path().toString(), place.path().toString(), otherwise);
    }
  }

  void delete(VolumePath path) throws IOException {
    try (Transaction transaction = begin()) {
      Place place = place(path);
      Position present = place.present();
      if (present == null) {
        throw new NoSuchFileException(path.toString());
      }
      requireFree(present);
      if (present.isHost()) {
        present.region().hostDirectory().delete(present.pathInRegion());
        return;
      }
      remove(transaction, place, present);
      transaction.apply();
    }
  }

  /** Refuses what embed points depend on. */
  static void requireFree(Position position) throws IOException {
    if (position.embedding() != null) {
      throw new FileSystemException(
          position.path().toString(), null, "A region is embedded here or below");
    }
  }

  /** Takes a name away, and the inode with it if it was the last one and nobody has it open. */
  private void remove(Transaction transaction, Place place, Position present) throws IOException {
    long number = present.inodeNumber();
    Inode inode = transaction.inode(number);
    boolean directory = inode.getType() == io.fspf.internal.format.FileType.FILE_TYPE_DIRECTORY;
    boolean authenticated = present.region().isAuthenticated();
    if (directory && !isEmpty(number)) {
      throw new DirectoryNotEmptyException(present.path().toString());
    }
    transaction.unlink(place.directory().inodeNumber(), place.name(), inode.getType());
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
    try (Transaction transaction = begin()) {
      Inode inode = state.recorded(number);
      if (inode != null && inode.getLinks() == 0 && transaction.claim(number)) {
        transaction.edits().remove(Keys.orphan(UNLINKED | number));
        removeInode(transaction, number, inode);
        transaction.apply();
      }
    }
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
    try (Transaction transaction = begin()) {
      Place source = place(from);
      Position moved = source.present();
      if (moved == null) {
        throw new NoSuchFileException(from.toString());
      }
      Place target = place(to);
      Position present = target.present();
      requireFree(moved);
      requireSameRegion(moved, target, "The move leads into another region");
      if (present != null) {
        if (isSame(moved, present)) {
          return null;
        }
        if (!replace) {
          throw new FileAlreadyExistsException(to.toString());
        }
        requireFree(present);
      }
      for (Position above = target.directory(); ; above = above.parent()) {
        if (isSame(above, moved)) {
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
        remove(transaction, target, present);
      }
      rename(transaction, source, target, moved);
      MountedRegion region = moved.region();
      if (!region.isAuthenticated()) {
        transaction.apply();
        return null;
      }
      transaction.then(() -> onHost.move(region, source.pathInRegion(), target.pathInRegion()));
      applyWithJournal(transaction);
      return new Moved(region, source.pathInRegion(), target.pathInRegion());
    }
  }

  /** Whoever finds the file by its new name also finds where it still stands on the host. */
  private void applyWithJournal(Transaction transaction) throws IOException {
    synchronized (journal) {
      transaction.apply();
    }
  }

  private static void rename(Transaction transaction, Place source, Place target, Position moved)
      throws IOException {
    long number = moved.inodeNumber();
    Inode inode = transaction.inode(number);
    transaction.unlink(source.directory().inodeNumber(), source.name(), inode.getType());
    transaction.link(target.directory().inodeNumber(), target.name(), number, inode.getType());
    Inode.Builder changed = inode.toBuilder().setChanged(transaction.now());
    if (inode.getType() == io.fspf.internal.format.FileType.FILE_TYPE_DIRECTORY) {
      changed.setParent(target.directory().inodeNumber());
    }
    transaction.put(number, changed.build());
  }

  private static boolean isSame(Position one, Position other) {
    if (one.isProtected() && other.isProtected()) {
      return one.inodeNumber() == other.inodeNumber();
    }
    return one.isHost()
        && other.isHost()
        && one.host().fileKey().equals(other.host().fileKey())
        && one.region().id() == other.region().id();
  }

  void setAttributes(VolumePath path, AttributeChange change, boolean follow) throws IOException {
    try (Transaction transaction = begin()) {
      Position at = names.get().resolve(path, follow);
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

  void setExtendedAttribute(VolumePath path, Name name, byte @Nullable [] value, boolean follow)
      throws IOException {
    if (value != null && value.length > MAX_XATTR) {
      throw new FileSystemException(
          path.toString(), null, "An extended attribute has at most 64 KiB");
    }
    try (Transaction transaction = begin()) {
      Position at = names.get().resolve(path, follow);
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

  /** Puts an open file's content into the tree, where it stands whole in the record. */
  void settleInline(OpenInode inode) throws IOException {
    try (Transaction transaction = begin()) {
      if (state.recorded(inode.number()) != null) {
        try {
          if (contents.recordInline(inode, transaction.edits())) {
            state.apply(transaction.edits());
            inode.recorded();
          }
        } catch (Throwable e) {
          inode.content().markChanged();
          throw e;
        }
      }
    }
  }

  /** Adds a region, with an empty root directory where it is protected. */
  MountedRegion addRegion(int id, Region region, @Nullable HostDirectory host) throws IOException {
    try (Transaction transaction = begin()) {
      long root = 0;
      if (region.protection() != io.fspf.Protection.NOT_PROTECTED) {
        root =
            transaction.add(
                Inode.newBuilder()
                    .setType(io.fspf.internal.format.FileType.FILE_TYPE_DIRECTORY)
                    .setRegion(id)
                    .setMode(0755)
                    .setUid(owner.map(FileOwner::uid).orElse(0))
                    .setGid(owner.map(FileOwner::gid).orElse(0))
                    .setLinks(2)
                    .setModified(transaction.now())
                    .setChanged(transaction.now())
                    .setAccessed(transaction.now())
                    .setCreated(transaction.now())
                    .build());
      }
      transaction
          .edits()
          .put(Keys.region(id), MountedRegion.encode(id, region, root).toByteArray());
      transaction.apply();
      return new MountedRegion(id, region, root, host);
    }
  }
}
