package io.fspf.nio;

import io.fspf.AttributeChange;
import io.fspf.DirectoryCursor;
import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
  private static final int FILE_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;
  private static final int COPY_BUFFER = 1 << 20;

  private final FspfFileSystem fileSystem;
  private final Volume volume;
  private final LockTable locks = new LockTable();
  private final DirectoryHandles handles;
  private final Watched watched = new Watched();

  /**
   * Held alone while a name that may lead elsewhere is moved or removed, and shared by what must
   * find a directory where it has just been seen.
   */
  private final ReadWriteLock topology = new ReentrantReadWriteLock();

  FileSystemView(FspfFileSystem fileSystem) {
    this.fileSystem = fileSystem;
    this.volume = fileSystem.volume();
    this.handles = new DirectoryHandles();
  }

  DirectoryHandles handles() {
    return handles;
  }

  Watched watched() {
    return watched;
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

  private @Nullable FspfFileAttributes attributesIfPresent(VolumePath path) throws IOException {
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
    modified(path, follow);
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
    modified(path, follow);
  }

  void checkAccess(VolumePath path, AccessMode... modes) throws IOException {
    FspfFileAttributes attributes = attributes(path, true);
    for (AccessMode mode : modes) {
      switch (mode) {
        case READ -> {}
        case WRITE -> {
          if (!fileSystem.isWritable(volume.toRealPath(path))) {
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
    int mode = mode(FILE_MODE, initial);
    return fileSystem.using(
        () -> {
          VolumeFile file;
          try {
            file = openFile(path, settings, mode);
          } catch (FileSystemException e) {
            if (e.getClass() == FileSystemException.class
                && !settings.write()
                && isDirectory(path, settings.follow())) {
              return openDirectory(path);
            }
            throw e;
          }
          return register(new FspfFileChannel(file, settings, keyOf(file), locks, owner(path)));
        });
  }

  private boolean isDirectory(VolumePath path, boolean follow) throws IOException {
    return volume.attributes(path, links(follow)).isDirectory();
  }

  private FileChannel openDirectory(VolumePath path) {
    return register(
        new DirectoryChannel(
            path.toString(),
            () -> {
              if (volume.isWritable()) {
                volume.commit();
              }
            },
            fileSystem.resources()::remove));
  }

  private FspfFileChannel.Owner owner(VolumePath path) {
    return new FspfFileChannel.Owner() {
      @Override
      public void modified() {
        FileSystemView.this.modified(path, true);
      }

      @Override
      public void closed(FspfFileChannel channel) {
        fileSystem.resources().remove(channel);
      }
    };
  }

  private <T extends java.io.Closeable> T register(T resource) {
    fileSystem.resources().add(resource);
    return resource;
  }

  AsynchronousFileChannel newAsynchronousFileChannel(
      VolumePath path,
      OpenSettings settings,
      @Nullable Executor executor,
      FileAttribute<?>... initial)
      throws IOException {
    if (settings.append()) {
      throw new UnsupportedOperationException("APPEND not allowed");
    }
    int mode = mode(FILE_MODE, initial);
    return fileSystem.using(
        () -> {
          VolumeFile file = openFile(path, settings, mode);
          return register(
              new FspfAsynchronousFileChannel(
                  file,
                  settings,
                  keyOf(file),
                  locks,
                  executor == null ? fileSystem.executor() : executor,
                  () -> modified(path, true),
                  fileSystem.resources()::remove));
        });
  }

  private static Object keyOf(VolumeFile file) throws IOException {
    try {
      return file.attributes().inode();
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private VolumeFile openFile(VolumePath path, OpenSettings settings, int mode) throws IOException {
    boolean watching = watched.isActive() && settings.mayCreate();
    boolean absent = watching && !exists(path);
    VolumeFile file = volume.open(path, mode, settings.forVolume());
    try {
      if (absent) {
        created(path);
      }
      if (settings.has(StandardOpenOption.DELETE_ON_CLOSE)) {
        deleteOpened(path, file);
      }
      return file;
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private boolean exists(VolumePath path) throws IOException {
    try {
      var unused = volume.attributes(path, FOLLOW);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * What is to go when it is closed loses its name at once, as on Unix, so that nothing is left
   * whatever happens.
   */
  private void deleteOpened(VolumePath path, VolumeFile file) throws IOException {
    topology.writeLock().lock();
    try {
      if (volume.attributes(path, FOLLOW).inode() == file.attributes().inode()) {
        volume.delete(path);
      }
    } finally {
      topology.writeLock().unlock();
    }
    removed(path);
  }

  /** The mode that initial attributes ask for. */
  private static int mode(int otherwise, FileAttribute<?>... initial) {
    int mode = otherwise;
    for (FileAttribute<?> attribute : initial) {
      if (!attribute.name().equals("posix:permissions")
          && !attribute.name().equals("unix:permissions")) {
        throw new UnsupportedOperationException(
            "'" + attribute.name() + "' not supported as initial attribute");
      }
      mode = FspfFileAttributes.mode(permissions(attribute.value()));
    }
    return mode;
  }

  /** An attribute's value as permissions; anything else is a class cast exception. */
  static Set<PosixFilePermission> permissions(@Nullable Object value) {
    var permissions = java.util.EnumSet.noneOf(PosixFilePermission.class);
    for (Object permission : (Set<?>) java.util.Objects.requireNonNull(value)) {
      permissions.add((PosixFilePermission) permission);
    }
    return permissions;
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
          DirectoryHandles.Handle handle = handles.open(volume.toRealPath(path, FOLLOW));
          return register(new FspfDirectoryStream(fileSystem, shown, handle, cursor, filter));
        });
  }

  // ------------------------------------------------------------------------------------------
  // names

  void createDirectory(VolumePath path, FileAttribute<?>... initial) throws IOException {
    int mode = mode(DIRECTORY_MODE, initial);
    fileSystem.run(
        () -> {
          volume.createDirectory(path, mode);
        });
    created(path);
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
    created(link);
  }

  void createLink(VolumePath link, VolumePath existing) throws IOException {
    fileSystem.run(
        () -> {
          volume.createLink(link, existing);
        });
    created(link);
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
            VolumePath real = realIfTold(path);
            volume.delete(path);
            if (real != null) {
              handles.removed(real);
              watched.removed(real);
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
    VolumePath realFrom = realIfTold(from);
    VolumePath realTo = realFrom == null ? null : real(to);
    volume.move(from, to, options(settings));
    if (realFrom != null && realTo != null && !realFrom.equals(realTo)) {
      handles.moved(realFrom, realTo);
      watched.removed(realFrom);
      watched.created(realTo);
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
    FspfFileAttributes source = attributes(from, settings.follow());
    FspfFileAttributes present = target.attributesIfPresent(to);
    if (present != null) {
      if (present.key().equals(source.key())) {
        return;
      }
      if (!settings.replace()) {
        throw new FileAlreadyExistsException(to.toString());
      }
      target.delete(to);
    }
    copyNew(from, source, target, to, settings);
  }

  private void copyNew(
      VolumePath from,
      FspfFileAttributes source,
      FileSystemView target,
      VolumePath to,
      CopySettings settings)
      throws IOException {
    int mode = source.attributes().mode() & 0777;
    switch (source.attributes().type()) {
      case DIRECTORY -> {
        target.fileSystem.run(
            () -> {
              target.volume.createDirectory(to, mode);
            });
        target.created(to);
      }
      case SYMLINK -> target.createSymbolicLink(to, readSymbolicLink(from));
      case REGULAR -> copyContent(from, target, to, mode, settings);
      case OTHER ->
          throw new FileSystemException(
              from.toString(), to.toString(), "A special file is not copied");
    }
    if (settings.attributes()) {
      try {
        copyAttributes(from, source, target, to, settings);
      } catch (Throwable e) {
        target.delete(to);
        throw e;
      }
    }
  }

  private void copyContent(
      VolumePath from, FileSystemView target, VolumePath to, int mode, CopySettings settings)
      throws IOException {
    fileSystem.run(
        () ->
            target.fileSystem.run(
                () -> {
                  try (VolumeFile in = volume.open(from, StandardOpenOption.READ)) {
                    VolumeFile out =
                        target.volume.open(
                            to, mode, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                    try (out) {
                      transfer(in, out, settings.interruptible());
                    } catch (Throwable e) {
                      target.volume.delete(to);
                      throw e;
                    }
                  }
                }));
    target.created(to);
  }

  private static void transfer(VolumeFile in, VolumeFile out, boolean interruptible)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BUFFER, Math.max(1, in.size())));
    long position = 0;
    while (in.read(buffer.clear(), position) > 0) {
      if (interruptible && Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
      position += out.write(buffer.flip(), position);
    }
  }

  private void copyAttributes(
      VolumePath from,
      FspfFileAttributes source,
      FileSystemView target,
      VolumePath to,
      CopySettings settings)
      throws IOException {
    for (var entry : extendedAttributes(from, settings.follow()).entrySet()) {
      target.setExtendedAttribute(to, entry.getKey(), entry.getValue(), false);
    }
    FileAttributes attributes = source.attributes();
    target.setAttributes(
        to,
        new AttributeChange(
            attributes.type() == FileType.SYMLINK
                ? OptionalInt.empty()
                : OptionalInt.of(attributes.mode()),
            OptionalInt.of(attributes.uid()),
            OptionalInt.of(attributes.gid()),
            Optional.of(attributes.modified()),
            Optional.of(attributes.accessed()),
            Optional.empty()),
        false);
  }

  // ------------------------------------------------------------------------------------------
  // who is told of changes

  /** The path without symbolic links before its last name. */
  private VolumePath real(VolumePath path) throws IOException {
    return path.isRoot() ? path : volume.toRealPath(path.parent(), FOLLOW).resolve(path.name());
  }

  /** The same where somebody wants to know. */
  private @Nullable VolumePath realIfTold(VolumePath path) throws IOException {
    return watched.isActive() || handles.isActive() ? real(path) : null;
  }

  private interface Event {
    void tell(VolumePath real);
  }

  private void tell(VolumePath path, Event event) {
    if (!watched.isActive()) {
      return;
    }
    try {
      event.tell(real(path));
    } catch (IOException e) {
      // The path has changed since; who changed it has told.
    }
  }

  private void created(VolumePath path) {
    tell(path, watched::created);
  }

  private void removed(VolumePath path) {
    tell(path, watched::removed);
  }

  private void modified(VolumePath path, boolean follow) {
    if (!watched.isActive()) {
      return;
    }
    try {
      watched.modified(follow ? volume.toRealPath(path, FOLLOW) : real(path));
    } catch (IOException e) {
      // The file has lost its name: nobody can watch it.
    }
  }
}
