package io.fspf.nio;

import io.fspf.DirectoryCursor;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory as it stood when it was opened, and operations on its files that lead
 * to the same directory although it is moved meanwhile.
 *
 * <p>Thread-safe; the iterator is for one thread.
 */
final class FspfDirectoryStream implements SecureDirectoryStream<Path> {
  private final FspfFileSystem fileSystem;
  private final FspfPath shown;
  private final DirectoryHandles.Handle handle;
  private final DirectoryCursor cursor;
  private final DirectoryStream.Filter<? super Path> filter;
  private boolean iterated;
  private volatile boolean open = true;

  /**
   * A stream.
   *
   * @param shown the directory as the caller named it, from which entries take their paths
   */
  FspfDirectoryStream(
      FspfFileSystem fileSystem,
      FspfPath shown,
      DirectoryHandles.Handle handle,
      DirectoryCursor cursor,
      DirectoryStream.Filter<? super Path> filter) {
    this.fileSystem = fileSystem;
    this.shown = shown;
    this.handle = handle;
    this.cursor = cursor;
    this.filter = filter;
  }

  @Override
  public synchronized Iterator<Path> iterator() {
    if (!open) {
      throw new IllegalStateException("Directory stream is closed");
    }
    if (iterated) {
      throw new IllegalStateException("Iterator already obtained");
    }
    iterated = true;
    return new Entries();
  }

  private final class Entries implements Iterator<Path> {
    private @Nullable Path ahead;
    private boolean atEnd;

    @Override
    public boolean hasNext() {
      if (ahead == null && !atEnd) {
        try {
          ahead = read();
        } catch (IOException e) {
          throw new DirectoryIteratorException(e);
        }
        atEnd = ahead == null;
      }
      return ahead != null;
    }

    private @Nullable Path read() throws IOException {
      while (open && fileSystem.named(cursor::next)) {
        Path entry = shown.resolve(cursor.entry().name());
        if (filter.accept(entry)) {
          return entry;
        }
      }
      if (!open) {
        fileSystem.checkOpen(); // Whoever closes the volume must not make a directory look shorter.
      }
      return null;
    }

    @Override
    public Path next() {
      Path entry = hasNext() ? ahead : null;
      if (entry == null) {
        throw new NoSuchElementException();
      }
      ahead = null;
      return entry;
    }
  }

  @Override
  public void close() {
    open = false;
    fileSystem.view().handles().close(handle);
    fileSystem.resources().remove(this);
  }

  // ------------------------------------------------------------------------------------------
  // below the directory, wherever that is

  /** An operation on a path of the volume. */
  private interface Operation<T extends @Nullable Object> {
    T run(VolumePath path) throws IOException;
  }

  /** Runs something on a file below the directory, which does not move meanwhile. */
  private <T extends @Nullable Object> T at(Path path, boolean changesNames, Operation<T> operation)
      throws IOException {
    FspfPath given = FspfPath.checked(path);
    return fileSystem.using(
        () -> {
          Lock still =
              changesNames
                  ? fileSystem.view().topology().writeLock()
                  : fileSystem.view().topology().readLock();
          still.lock();
          try {
            return operation.run(located(given));
          } finally {
            still.unlock();
          }
        });
  }

  private void run(Path path, boolean changesNames, AttributeViews.Action action)
      throws IOException {
    var unused =
        at(
            path,
            changesNames,
            real -> {
              action.run(real);
              return real;
            });
  }

  private VolumePath located(FspfPath path) throws IOException {
    if (!open) {
      throw new ClosedDirectoryStreamException();
    }
    if (path.isAbsolute()) {
      return path.toVolumePath();
    }
    return handle
        .path()
        .resolve(FspfPath.of(fileSystem, VolumePath.ROOT).resolve(path).toVolumePath());
  }

  @Override
  public SecureDirectoryStream<Path> newDirectoryStream(Path path, LinkOption... options)
      throws IOException {
    boolean follow = FileSystemView.follows(options);
    FspfPath below = shown.resolve(FspfPath.checked(path));
    return at(
        path,
        false,
        real ->
            (SecureDirectoryStream<Path>)
                fileSystem.view().newDirectoryStream(below, real, follow, entry -> true));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    OpenSettings settings = OpenSettings.of(options);
    return at(path, true, real -> fileSystem.view().newFileChannel(real, settings, attributes));
  }

  @Override
  public void deleteFile(Path path) throws IOException {
    delete(path, false);
  }

  @Override
  public void deleteDirectory(Path path) throws IOException {
    delete(path, true);
  }

  private void delete(Path path, boolean directory) throws IOException {
    run(
        path,
        true,
        real -> {
          fileSystem.view().delete(real, directory);
        });
  }

  @Override
  public void move(Path from, SecureDirectoryStream<Path> targetDirectory, Path to)
      throws IOException {
    if (!(targetDirectory instanceof FspfDirectoryStream target)) {
      throw new ProviderMismatchException("Not a directory of a volume");
    }
    if (target.fileSystem != fileSystem) {
      throw new java.nio.file.AtomicMoveNotSupportedException(
          from.toString(), to.toString(), "The move leads into another volume");
    }
    FspfPath given = FspfPath.checked(to);
    var atomic = new CopySettings(true, false, true, false, false);
    run(
        from,
        true,
        real -> {
          fileSystem.view().move(real, target.located(given), atomic);
        });
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(Class<V> type) {
    return getFileAttributeView(FspfPath.ofBytes(fileSystem, new byte[0]), type);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return AttributeViews.of(
        fileSystem.view(), target(FspfPath.checked(path)), type, FileSystemView.follows(options));
  }

  /** The file at a path, wherever the directory is at the moment. */
  AttributeViews.Target target(FspfPath path) {
    return new AttributeViews.Target() {
      @Override
      public <T extends @Nullable Object> T at(AttributeViews.Operation<T> operation)
          throws IOException {
        return FspfDirectoryStream.this.at(path, false, operation::run);
      }
    };
  }

  FspfFileSystem fileSystem() {
    return fileSystem;
  }
}
