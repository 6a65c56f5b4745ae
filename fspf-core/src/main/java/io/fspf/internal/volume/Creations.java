package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import io.fspf.FileOwner;
import io.fspf.FileType;
import io.fspf.Region;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentState;
import io.fspf.internal.file.FileKeys;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostDirectory;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes what was not there: files, directories, symbolic links, further names, regions.
 *
 * <p>The caller holds the working state's shared lock; each change takes the namespace lock, and
 * takes effect as a whole or not at all. Thread-safe.
 */
final class Creations {
  private final WorkingState state;
  private final Places places;
  private final HostJournal journal;
  private final FileKeys keys;
  private final Optional<FileOwner> owner;
  private final InstantSource clock;

  /**
   * For one volume.
   *
   * @param owner of what is made; if it is empty, that of the directory above
   */
  Creations(
      WorkingState state,
      Places places,
      HostJournal journal,
      FileKeys keys,
      Optional<FileOwner> owner,
      InstantSource clock) {
    this.state = state;
    this.places = places;
    this.journal = journal;
    this.keys = keys;
    this.owner = owner;
    this.clock = clock;
  }

  /** What a new inode has in common with all others. */
  private Inode.Builder newInode(Transaction transaction, Place place, int mode)
      throws IOException {
    Position directory = place.directory();
    Inode above = transaction.directory(directory);
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
   * @param place that was found under the namespace lock, which the caller holds
   * @return where it stands
   */
  Position createFile(Place place, int mode) throws IOException {
    Places.requireAssignable(place);
    try (Transaction transaction = Transaction.begin(state, clock)) {
      if (place.directory().isHost()) {
        HostDirectory host = place.directory().region().hostDirectory();
        host.open(place.pathInRegion(), HostDirectory.Mode.CREATE).close();
        host.setMode(place.pathInRegion(), mode);
        return places.resolve(place.path(), false);
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
      return addNamed(transaction, place, inode.build());
    }
  }

  private static Position addNamed(Transaction transaction, Place place, Inode inode)
      throws IOException {
    long number = transaction.add(inode);
    transaction.link(place.directory(), place.name(), number, inode.getType());
    transaction.apply();
    return place.taken(number, inode);
  }

  /** As {@link io.fspf.Volume#createDirectory}. */
  void createDirectory(VolumePath path, int mode) throws IOException {
    try (Transaction transaction = Transaction.begin(state, clock)) {
      Place place = places.freePlace(path);
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
      var unused =
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

  /** As {@link io.fspf.Volume#createSymbolicLink}. */
  void createSymbolicLink(VolumePath link, byte[] target) throws IOException {
    if (target.length == 0 || target.length > 4095 || contains(target, (byte) 0)) {
      throw new FileSystemException(link.toString(), null, "No target for a symbolic link");
    }
    try (Transaction transaction = Transaction.begin(state, clock)) {
      Place place = places.freePlace(link);
      MountedRegion region = place.directory().region();
      if (place.directory().isHost()) {
        region.hostDirectory().createSymbolicLink(place.pathInRegion(), target);
        return;
      }
      if (region.isAuthenticated()) {
        transaction.then(() -> journal.makeSymlink(region, place.pathInRegion(), target));
      }
      var unused =
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

  /** As {@link io.fspf.Volume#createLink}. */
  void createLink(VolumePath link, VolumePath existing) throws IOException {
    try (Transaction transaction = Transaction.begin(state, clock)) {
      Position source = places.resolve(existing, false);
      Place place = places.freePlace(link);
      if (source.type() == FileType.DIRECTORY) {
        throw new FileSystemException(
            link.toString(), existing.toString(), "A directory has one name");
      }
      Places.requireSameRegion(source, place, "A link leads into another region");
      MountedRegion region = source.region();
      if (source.isHost()) {
        region.hostDirectory().createLink(place.pathInRegion(), source.pathInRegion());
        return;
      }
      Inode inode = transaction.inode(source.inodeNumber());
      transaction.put(
          source.inodeNumber(),
          inode.toBuilder().setLinks(inode.getLinks() + 1).setChanged(transaction.now()).build());
      transaction.link(place.directory(), place.name(), source.inodeNumber(), inode.getType());
      if (region.isAuthenticated()) {
        transaction.then(
            () -> journal.makeLink(region, source.pathInRegion(), place.pathInRegion()));
      }
      journal.applyTogether(transaction);
    }
  }

  /** Adds a region, with an empty root directory where it is protected. */
  MountedRegion addRegion(int id, Region region, @Nullable HostDirectory host) throws IOException {
    try (Transaction transaction = Transaction.begin(state, clock)) {
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
