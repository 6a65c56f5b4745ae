package io.fspf.internal.volume;

import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.IntegrityException;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentServices;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostDirectory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Opens the files of a volume that changes, and lets go of them: gives out handles, carries out
 * what is changed through them, and settles a file when its last handle is closed.
 *
 * <p>Thread-safe. Between the finding of a file and its opening others may remove it or put another
 * one in its place; then it is looked for again.
 *
 * <p>Locks: a change holds the working state's shared lock, an opening by the name of an
 * authenticated file the namespace lock as well; the table of open inodes and a content's own lock
 * come after these.
 */
final class FileHandles implements ProtectedFile.Owner {
  private final AbstractView volume;
  private final WorkingState state;
  private final InodeOpener inodes;
  private final ContentServices services;
  private final Committer committer;
  private final Creations creations;
  private final ChangeGate gate;
  private final Background.Work commit;
  private final InstantSource clock;

  /** Held by who appends to a file that is passed through: any two handles may be of one file. */
  private final Object hostAppends = new Object();

  /** The open handles of files that are passed through. */
  private final Set<HostVolumeFile> hostFiles = ConcurrentHashMap.newKeySet();

  FileHandles(
      AbstractView volume,
      WorkingState state,
      InodeOpener inodes,
      ContentServices services,
      Committer committer,
      Creations creations,
      ChangeGate gate,
      Background.Work commit,
      InstantSource clock) {
    this.volume = volume;
    this.state = state;
    this.inodes = inodes;
    this.services = services;
    this.committer = committer;
    this.creations = creations;
    this.gate = gate;
    this.commit = commit;
    this.clock = clock;
  }

  // ------------------------------------------------------------------------------------------
  // opening

  /**
   * Opens the file at a path, or makes it.
   *
   * @param mode of a file that is made
   */
  VolumeFile open(VolumePath path, int mode, OpenFlags flags) throws IOException {
    if (!flags.write()) {
      while (true) {
        VolumeFile file = tryOpen(path, volume.namespace().resolve(path, flags.follow()), flags);
        if (file != null) {
          return file;
        }
      }
    }
    gate.enter();
    try {
      while (true) {
        Namespace names = volume.namespace();
        Namespace.Found found = names.find(path, flags.follow());
        Position at = found.file();
        if (at != null && flags.createNew()) {
          throw new FileAlreadyExistsException(path.toString());
        }
        if (at == null && !flags.create() && !flags.createNew()) {
          throw new NoSuchFileException(path.toString());
        }
        VolumeFile file =
            at == null
                ? tryCreate(path, names, found.free(), mode, flags)
                : tryOpen(path, at, flags);
        if (file != null) {
          return file;
        }
      }
    } finally {
      gate.leave();
    }
  }

  /**
   * Makes a file and opens it, or returns null if there has come to be one meanwhile.
   *
   * @param before the volume as it was when the path led to the place
   */
  private @Nullable VolumeFile tryCreate(
      VolumePath path, Namespace before, @Nullable Place found, int mode, OpenFlags flags)
      throws IOException {
    // Nobody removes it before it is open.
    state.namespace().lock();
    try {
      Namespace now = volume.namespace();
      Place place = now.isOfSameMoment(before) ? found : now.find(path, flags.follow()).free();
      if (place == null) {
        throw new FileAlreadyExistsException(path.toString());
      }
      return openExisting(path, creations.createFile(place, mode), flags.created());
    } catch (FileAlreadyExistsException e) {
      if (flags.createNew()) {
        throw e;
      }
      return null;
    } finally {
      state.namespace().unlock();
    }
  }

  /**
   * Opens what stands at a position.
   *
   * @throws NoSuchFileException if it has been removed or replaced there since it was found
   */
  VolumeFile openExisting(VolumePath path, Position at, OpenFlags flags) throws IOException {
    VolumeFile file = tryOpen(path, at, flags);
    if (file == null) {
      throw new NoSuchFileException(path.toString());
    }
    return file;
  }

  /**
   * Opens what stands at a position, or returns null if that has been removed or replaced there
   * since it was found.
   */
  private @Nullable VolumeFile tryOpen(VolumePath path, Position at, OpenFlags flags)
      throws IOException {
    if (at.type() == FileType.DIRECTORY) {
      throw new FileSystemException(path.toString(), null, "Is a directory");
    }
    if (at.type() == FileType.SYMLINK) {
      throw new FileSystemException(path.toString(), null, "Is a symbolic link");
    }
    if (at.isHost()) {
      return openHost(path, at, flags);
    }
    OpenInode inode = inodes.acquire(at, flags.isCreated());
    if (inode == null) {
      return null;
    }
    try {
      if (flags.isCreated()) {
        inode.content().markCreated();
        state.markChanged();
      } else if (!gate.isWritable() || cleanOnHost()) {
        checkHostSize(inode);
      }
      if (flags.truncate() && inode.content().size() > 0) {
        inode.content().setSize(0);
        inode.touch(clock.instant());
        state.markChanged();
      }
    } catch (Throwable e) {
      inodes.release(inode);
      throw e;
    }
    return new ProtectedFile(this, inode, path, flags);
  }

  private void checkHostSize(OpenInode inode) throws IOException {
    try {
      inode.content().checkHostSize(!cleanOnHost());
    } catch (IntegrityException e) {
      // It may be longer if somebody has begun to change it since we asked.
      if (cleanOnHost()) {
        throw e;
      }
      inode.content().checkHostSize(true);
    }
  }

  /** Whether the host's files must have exactly the committed lengths. */
  private boolean cleanOnHost() {
    return !committer.head().fields().openForWriting();
  }

  private VolumeFile openHost(VolumePath path, Position at, OpenFlags flags) throws IOException {
    HostDirectory host = at.region().hostDirectory();
    var file =
        host.open(
            at.pathInRegion(), flags.write() ? HostDirectory.Mode.WRITE : HostDirectory.Mode.READ);
    try {
      if (flags.truncate()) {
        file.setSize(0);
      }
      var handle =
          new HostVolumeFile(
              file,
              flags,
              () -> volume.reading(path, names -> names.attributes(names.resolve(path, true))),
              hostFiles,
              hostAppends);
      // Whoever closes the volume meanwhile may have missed it.
      volume.checkOpen();
      return handle;
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  // ------------------------------------------------------------------------------------------
  // through handles

  /** Those of files that are passed through, which end with the volume. */
  Collection<HostVolumeFile> hostFiles() {
    return List.copyOf(hostFiles);
  }

  @Override
  public void release(OpenInode inode) throws IOException {
    inodes.release(inode);
  }

  @Override
  public boolean isOpen() {
    return !volume.isClosed();
  }

  @Override
  public <T> T change(OpenInode inode, ProtectedFile.Change<T> change) throws IOException {
    T result;
    gate.enter();
    try {
      result = change.apply();
      inode.touch(clock.instant());
      state.markChanged();
    } finally {
      gate.leave();
    }
    gate.changed();
    if (services.mustUnload()) {
      unloadAll();
    }
    return result;
  }

  /** Not while a commit fixes its state, which would take slots that it refers to for let go. */
  private void unloadAll() throws IOException {
    state.shared().lock();
    try {
      for (OpenInode inode : state.open().all()) {
        inode.content().releaseClean();
      }
      if (services.mustWrite()) {
        for (OpenInode inode : state.open().all()) {
          inode.content().flush();
          inode.content().releaseClean();
        }
      }
    } finally {
      state.shared().unlock();
    }
  }

  @Override
  public FileAttributes attributes(OpenInode inode) throws IOException {
    Inode record = state.inodes().inode(inode.number());
    if (record == null) {
      throw new NoSuchFileException("A file without a name");
    }
    return Records.attributes(inode.number(), record);
  }

  @Override
  public void force() throws IOException {
    if (gate.isWritable()) {
      commit.run();
    }
  }
}
