package io.fspf.nio;

import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** Opens files and directories as channels. Thread-safe. */
final class FileOpener {
  private static final LinkOption[] FOLLOW = {};
  private static final int FILE_MODE = 0644;

  private final FspfFileSystem fileSystem;
  private final Volume volume;
  private final ChangeNotices notices;
  private final Lock namesChange;
  private final LockTable locks = new LockTable();

  /**
   * An opener.
   *
   * @param namesChange held while a name is removed
   */
  FileOpener(FspfFileSystem fileSystem, ChangeNotices notices, Lock namesChange) {
    this.fileSystem = fileSystem;
    this.volume = fileSystem.volume();
    this.notices = notices;
    this.namesChange = namesChange;
  }

  FileChannel newFileChannel(VolumePath path, OpenSettings settings, FileAttribute<?>... initial)
      throws IOException {
    int mode = InitialMode.of(FILE_MODE, initial);
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
    return volume.attributes(path, FileSystemView.links(follow)).isDirectory();
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
        notices.modified(path, true);
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
    int mode = InitialMode.of(FILE_MODE, initial);
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
                  () -> notices.modified(path, true),
                  fileSystem.resources()::remove));
        });
  }

  private static Object keyOf(VolumeFile file) throws IOException {
    try {
      return file.inode();
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private VolumeFile openFile(VolumePath path, OpenSettings settings, int mode) throws IOException {
    boolean watching = notices.watched().isActive() && settings.mayCreate();
    boolean absent = watching && !exists(path);
    VolumeFile file = fileSystem.shown(volume.open(path, mode, settings.forVolume()));
    try {
      if (absent) {
        notices.created(path);
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
    namesChange.lock();
    try {
      if (volume.attributes(path, FOLLOW).inode() == file.inode()) {
        volume.delete(path);
      }
    } finally {
      namesChange.unlock();
    }
    notices.removed(path);
  }
}
