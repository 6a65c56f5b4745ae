package io.fspf.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the mounted tree, held on to. Relative paths lead as the directory's own file
 * system says, but for those that lead into a mount, by its name or over links of the host: where
 * such a path leads the tree says, as long as the directory is still where it was opened.
 *
 * <p>As thread-safe as the directory's stream.
 */
final class SecureTreeStream implements SecureDirectoryStream<Path> {
  private final SecureDirectoryStream<Path> held;
  private final FileSystem fileSystem;
  private final MountedPath shown;
  private final TreeStream entries;

  /**
   * A stream.
   *
   * @param held the directory of the platform or of a volume
   * @param fileSystem that one
   * @param shown the directory as the caller named it
   * @param entries what is told of it
   */
  SecureTreeStream(
      SecureDirectoryStream<Path> held,
      FileSystem fileSystem,
      MountedPath shown,
      TreeStream entries) {
    this.held = held;
    this.fileSystem = fileSystem;
    this.shown = shown;
    this.entries = entries;
  }

  @Override
  public Iterator<Path> iterator() {
    return entries.iterator();
  }

  // ------------------------------------------------------------------------------------------
  // where paths lead

  private MountedPath whole(Path path) {
    return MountedPath.checked(shown.resolve(MountedPath.checked(path)));
  }

  /** The directory's own path for a path, or the absolute one in another file system. */
  private Path target(Path path, boolean follow) throws IOException {
    MountedPath given = MountedPath.checked(path);
    Path own = fileSystem.getPath(given.toString());
    if (!given.isAbsolute() && fileSystem instanceof FspfFileSystem) {
      return own; // Links in a volume lead where the volume says.
    }
    Path target = tree().target(whole(given), follow);
    boolean elsewhere = !target.getFileSystem().equals(fileSystem);
    return elsewhere && (given.isAbsolute() || isStillThere()) ? target : own;
  }

  private MountedFileSystem tree() {
    return shown.getFileSystem();
  }

  private boolean isStillThere() throws IOException {
    try {
      var here =
          Objects.requireNonNull(held.getFileAttributeView(BasicFileAttributeView.class))
              .readAttributes();
      var there = Files.readAttributes(shown, BasicFileAttributes.class);
      return Objects.equals(here.fileKey(), there.fileKey());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** An operation on a path of a directory. */
  private interface Operation<T extends @Nullable Object> {
    T run(SecureDirectoryStream<Path> directory, Path path) throws IOException;
  }

  private <T extends @Nullable Object> T at(Path path, boolean follow, Operation<T> operation)
      throws IOException {
    try {
      Path target = target(path, follow);
      if (target.getFileSystem().equals(fileSystem)) {
        return operation.run(held, target);
      }
      // To any directory of the other file system an absolute path is what it is.
      try (var other = Files.newDirectoryStream(target.getRoot())) {
        return operation.run((SecureDirectoryStream<Path>) other, target);
      }
    } catch (FileSystemException e) {
      throw tree().inTree(whole(path), follow, e);
    }
  }

  private void run(Path path, boolean follow, Step step) throws IOException {
    var unused =
        at(
            path,
            follow,
            (directory, target) -> {
              step.run(directory, target);
              return target;
            });
  }

  private interface Step {
    void run(SecureDirectoryStream<Path> directory, Path path) throws IOException;
  }

  private void refuseMountPoint(Path path) throws IOException {
    tree().refuseMountPoint(whole(path));
  }

  // ------------------------------------------------------------------------------------------
  // operations

  @Override
  public SecureDirectoryStream<Path> newDirectoryStream(Path path, LinkOption... options)
      throws IOException {
    MountedPath below = whole(path);
    return at(
        path,
        FileSystemView.follows(options),
        (directory, target) -> {
          var opened = directory.newDirectoryStream(target, options);
          return new SecureTreeStream(
              opened,
              target.getFileSystem(),
              below,
              new TreeStream(opened, below, tree().mountsIn(below), entry -> true));
        });
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    boolean follow =
        !options.contains(LinkOption.NOFOLLOW_LINKS)
            && !options.contains(StandardOpenOption.CREATE_NEW);
    return at(
        path, follow, (directory, target) -> directory.newByteChannel(target, options, attributes));
  }

  @Override
  public void deleteFile(Path path) throws IOException {
    refuseMountPoint(path);
    run(path, false, SecureDirectoryStream::deleteFile);
  }

  @Override
  public void deleteDirectory(Path path) throws IOException {
    refuseMountPoint(path);
    run(path, false, SecureDirectoryStream::deleteDirectory);
  }

  @Override
  public void move(Path from, SecureDirectoryStream<Path> targetDirectory, Path to)
      throws IOException {
    if (!(targetDirectory instanceof SecureTreeStream other)) {
      throw new ProviderMismatchException("Not a directory of the mounted tree");
    }
    refuseMountPoint(from);
    other.refuseMountPoint(to);
    run(
        from,
        false,
        (directory, source) ->
            other.run(
                to,
                false,
                (otherDirectory, target) -> {
                  if (!source.getFileSystem().equals(target.getFileSystem())) {
                    throw new AtomicMoveNotSupportedException(
                        from.toString(), to.toString(), "The move leads out of the volume");
                  }
                  directory.move(source, otherDirectory, target);
                }));
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(Class<V> type) {
    return held instanceof FspfDirectoryStream
        ? getFileAttributeView(tree().getPath(""), type)
        : held.getFileAttributeView(type);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    boolean follow = FileSystemView.follows(options);
    Path target;
    try {
      target = target(path, follow);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (target instanceof FspfPath inVolume) {
      AttributeViews.Target file =
          held instanceof FspfDirectoryStream directory
                  && directory.fileSystem().equals(inVolume.getFileSystem())
              ? directory.target(inVolume)
              : AttributeViews.target(inVolume);
      return AttributeViews.of(
          inVolume.getFileSystem().view(), tree().inTree(whole(path), follow, file), type, follow);
    }
    return target.getFileSystem().equals(fileSystem)
        ? held.getFileAttributeView(target, type, options)
        : Files.getFileAttributeView(target, type, options);
  }

  @Override
  public void close() throws IOException {
    entries.close();
  }
}
