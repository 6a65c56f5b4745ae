package io.fspf.nio;

import io.fspf.AttributeChange;
import io.fspf.DirectoryCursor;
import io.fspf.FileAttributes;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * What every operation of the file system means, on paths as the core takes them.
 *
 * <p>Nothing is refused for want of a permission: who holds the key is the owner of everything. The
 * bits are kept, and one for execution counts, as for root on Linux.
 *
 * <p>Thread-safe.
 */
final class FileSystemView {
  private static final LinkOption[] FOLLOW = {};
  private static final LinkOption[] NOFOLLOW = {LinkOption.NOFOLLOW_LINKS};
  private static final int DIRECTORY_MODE = 0755;

  private final FspfFileSystem fileSystem;
  private final Volume volume;
  private final ChangeNotices notices;
  private final FileOpener opener;

  /**
   * Held alone while a name that may lead elsewhere is moved or removed, and shared by what must
   * find a directory where it has just been seen.
   */
  private final ReadWriteLock topology = new ReentrantReadWriteLock();

  FileSystemView(FspfFileSystem fileSystem) {
    this.fileSystem = fileSystem;
    this.volume = fileSystem.volume();
    this.notices = new ChangeNotices(volume);
    this.opener = new FileOpener(fileSystem, notices, topology.writeLock());
  }

  FspfFileSystem fileSystem() {
    return fileSystem;
  }

  ChangeNotices notices() {
    return notices;
  }

  DirectoryHandles handles() {
    return notices.handles();
  }

  Watched watched() {
    return notices.watched();
  }

  ReadWriteLock topology() {
    return topology;
  }

  static boolean follows(LinkOption... options) {
    boolean follow = true;
    for (LinkOption option : options) {
      if (option == null) {
        throw new NullPointerException("A null option");
      }
      follow = false;
    }
    return follow;
  }

  static LinkOption[] links(boolean follow) {
    return follow ? FOLLOW : NOFOLLOW;
  }

  // ------------------------------------------------------------------------------------------
  // attributes

  FspfFileAttributes attributes(VolumePath path, boolean follow) throws IOException {
    return fileSystem.using(
        () -> new FspfFileAttributes(fileSystem, volume.attributes(path, links(follow))));
  }

  @Nullable FspfFileAttributes attributesIfPresent(VolumePath path) throws IOException {
    try {
      return attributes(path, false);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  void setAttributes(VolumePath path, AttributeChange change, boolean follow) throws IOException {
    fileSystem.run(
        () -> {
          volume.setAttributes(path, change, links(follow));
        });
    notices.modified(path, follow);
  }

  java.util.SortedMap<Name, byte[]> extendedAttributes(VolumePath path, boolean follow)
      throws IOException {
    return fileSystem.using(() -> volume.extendedAttributes(path, links(follow)));
  }

  void setExtendedAttribute(VolumePath path, Name name, byte @Nullable [] value, boolean follow)
      throws IOException {
    fileSystem.run(
        () -> {
          volume.setExtendedAttribute(path, name, value, links(follow));
        });
    notices.modified(path, follow);
  }

  FspfDosAttributes dosAttributes(VolumePath path, boolean follow) throws IOException {
    return new FspfDosAttributes(
        attributes(path, follow), FspfDosAttributes.bits(extendedAttributes(path, follow)));
  }

  void setDosBit(VolumePath path, int bit, boolean value, boolean follow) throws IOException {
    int bits = FspfDosAttributes.bits(extendedAttributes(path, follow));
    int changed = value ? bits | bit : bits & ~bit;
    if (changed != bits) {
      setExtendedAttribute(
          path, FspfDosAttributes.ATTRIBUTE, FspfDosAttributes.value(changed), follow);
    }
  }

  void checkAccess(VolumePath path, AccessMode... modes) throws IOException {
    FspfFileAttributes attributes = attributes(path, true);
    for (AccessMode mode : modes) {
      switch (mode) {
        case READ -> {}
        case WRITE -> {
          if (!fileSystem.isWritable(fileSystem.using(() -> volume.toRealPath(path)))) {
            throw new FileSystemException(path.toString(), null, "Read-only file system");
          }
        }
        case EXECUTE -> {
          if (!attributes.isDirectory() && (attributes.attributes().mode() & 0111) == 0) {
            throw new AccessDeniedException(path.toString());
          }
        }
      }
    }
  }

  RegionFileStore store(VolumePath path) throws IOException {
    return fileSystem.using(() -> fileSystem.store(volume.region(volume.toRealPath(path, FOLLOW))));
  }

  FspfPath toRealPath(FspfPath path, LinkOption... options) throws IOException {
    boolean follow = follows(options);
    VolumePath given = path.toVolumePath();
    return FspfPath.of(fileSystem, fileSystem.using(() -> volume.toRealPath(given, links(follow))));
  }

  // ------------------------------------------------------------------------------------------
  // opening
  FileChannel newFileChannel(VolumePath path, OpenSettings settings, FileAttribute<?>... initial)
      throws IOException {
    return opener.newFileChannel(path, settings, initial);
  }

  AsynchronousFileChannel newAsynchronousFileChannel(
      VolumePath path,
      OpenSettings settings,
      @Nullable Executor executor,
      FileAttribute<?>... initial)
      throws IOException {
    return opener.newAsynchronousFileChannel(path, settings, executor, initial);
  }

  /** A file's content, for a copy. */
  VolumeFile openToRead(VolumePath path) throws IOException {
    return fileSystem.using(() -> fileSystem.shown(volume.open(path, StandardOpenOption.READ)));
  }

  /** The file that a copy makes. */
  VolumeFile openNew(VolumePath path, int mode) throws IOException {
    return fileSystem.using(
        () ->
            fileSystem.shown(
                volume.open(path, mode, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)));
  }

  /** The entries of a directory, to be gone through once. */
  DirectoryStream<Path> newDirectoryStream(
      FspfPath shown, VolumePath path, boolean follow, DirectoryStream.Filter<? super Path> filter)
      throws IOException {
    return fileSystem.using(
        () -> {
          if (!follow && volume.attributes(path, NOFOLLOW).isSymbolicLink()) {
            throw new NotDirectoryException(path.toString());
          }
          DirectoryCursor cursor = volume.list(path);
          DirectoryHandles.Handle handle = notices.handles().open(volume.toRealPath(path, FOLLOW));
          var stream = new FspfDirectoryStream(fileSystem, shown, handle, cursor, filter);
          fileSystem.resources().add(stream);
          return stream;
        });
  }

  // ------------------------------------------------------------------------------------------
  // names

  void createDirectory(VolumePath path, FileAttribute<?>... initial) throws IOException {
    createDirectoryOfMode(path, InitialMode.of(DIRECTORY_MODE, initial));
  }

  void createDirectoryOfMode(VolumePath path, int mode) throws IOException {
    fileSystem.run(
        () -> {
          volume.createDirectory(path, mode);
        });
    notices.created(path);
  }

  void createSymbolicLink(VolumePath link, byte[] target, FileAttribute<?>... initial)
      throws IOException {
    if (initial.length > 0) {
      throw new UnsupportedOperationException(
          "Initial file attributes not supported when creating symbolic link");
    }
    fileSystem.run(
        () -> {
          volume.createSymbolicLink(link, target);
        });
    notices.created(link);
  }

  void createLink(VolumePath link, VolumePath existing) throws IOException {
    fileSystem.run(
        () -> {
          volume.createLink(link, existing);
        });
    notices.created(link);
  }

  byte[] readSymbolicLink(VolumePath link) throws IOException {
    return fileSystem.using(() -> volume.readSymbolicLink(link));
  }

  /** Removes a file of any kind. */
  void delete(VolumePath path) throws IOException {
    delete(path, null);
  }

  /**
   * Removes a file.
   *
   * @param directory whether it must be a directory, or must not; null for either
   */
  void delete(VolumePath path, @Nullable Boolean directory) throws IOException {
    fileSystem.run(
        () -> {
          topology.writeLock().lock();
          try {
            if (directory != null && volume.attributes(path, NOFOLLOW).isDirectory() != directory) {
              throw directory
                  ? new NotDirectoryException(path.toString())
                  : new FileSystemException(path.toString(), null, "Is a directory");
            }
            VolumePath real = notices.realIfTold(path);
            volume.delete(path);
            if (real != null) {
              notices.removedReal(real);
            }
          } finally {
            topology.writeLock().unlock();
          }
        });
  }

  void move(VolumePath from, VolumePath to, CopySettings settings) throws IOException {
    fileSystem.run(
        () -> {
          topology.writeLock().lock();
          try {
            moveWithin(from, to, settings);
          } finally {
            topology.writeLock().unlock();
          }
        });
  }

  private void moveWithin(VolumePath from, VolumePath to, CopySettings settings)
      throws IOException {
    FileAttributes moved = volume.attributes(from, NOFOLLOW);
    if (settings.atomic()) {
      refuseOtherKind(moved, from, to);
    }
    VolumePath realFrom = notices.realIfTold(from);
    VolumePath realTo = realFrom == null ? null : notices.real(to);
    volume.move(from, to, options(settings));
    if (realFrom != null && realTo != null && !realFrom.equals(realTo)) {
      notices.moved(realFrom, realTo);
    }
  }

  /** As rename(2): a directory replaces an empty directory only, and nothing else does. */
  private void refuseOtherKind(FileAttributes moved, VolumePath from, VolumePath to)
      throws IOException {
    FspfFileAttributes present = attributesIfPresent(to);
    if (present != null && present.isDirectory() != moved.isDirectory()) {
      throw new FileSystemException(
          from.toString(),
          to.toString(),
          present.isDirectory() ? "Is a directory" : "Not a directory");
    }
  }

  private static CopyOption[] options(CopySettings settings) {
    var options = new ArrayList<CopyOption>();
    if (settings.replace()) {
      options.add(StandardCopyOption.REPLACE_EXISTING);
    }
    if (settings.atomic()) {
      options.add(StandardCopyOption.ATOMIC_MOVE);
    }
    return options.toArray(CopyOption[]::new);
  }

  /** Moves into another volume: the copy first, then the removal here. */
  void moveTo(VolumePath from, FileSystemView target, VolumePath to, CopySettings settings)
      throws IOException {
    if (settings.atomic()) {
      throw new AtomicMoveNotSupportedException(
          from.toString(), to.toString(), "The move leads into another volume");
    }
    if (attributes(from, false).isDirectory() && fileSystem.using(() -> volume.list(from).next())) {
      throw new DirectoryNotEmptyException(from.toString());
    }
    copy(from, target, to, new CopySettings(settings.replace(), true, false, false, false));
    delete(from);
  }

  /** Copies one file, within this volume or into another. */
  void copy(VolumePath from, FileSystemView target, VolumePath to, CopySettings settings)
      throws IOException {
    new FileCopy(this, from, target, to, settings).run();
  }
}
