package io.fspf.nio;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the mounted tree that holds no mounts, held on to. Relative paths lead as the
 * directory's own file system says. As thread-safe as the directory's stream.
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
   */
  SecureTreeStream(SecureDirectoryStream<Path> held, FileSystem fileSystem, MountedPath shown) {
    this.held = held;
    this.fileSystem = fileSystem;
    this.shown = shown;
    this.entries = new TreeStream(held, shown, List.of(), entry -> true);
  }

  private Path inner(Path path) throws IOException {
    MountedPath given = MountedPath.checked(path);
    if (!given.isAbsolute()) {
      return fileSystem.getPath(given.toString());
    }
    Path target = given.getFileSystem().target(given, false);
    if (!target.getFileSystem().equals(fileSystem)) {
      throw new ProviderMismatchException("In another file system than the directory: " + path);
    }
    return target;
  }

  @Override
  public Iterator<Path> iterator() {
    return entries.iterator();
  }

  @Override
  public SecureDirectoryStream<Path> newDirectoryStream(Path path, LinkOption... options)
      throws IOException {
    return new SecureTreeStream(
        held.newDirectoryStream(inner(path), options),
        fileSystem,
        MountedPath.checked(shown.resolve(path)));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return held.newByteChannel(inner(path), options, attributes);
  }

  @Override
  public void deleteFile(Path path) throws IOException {
    held.deleteFile(inner(path));
  }

  @Override
  public void deleteDirectory(Path path) throws IOException {
    held.deleteDirectory(inner(path));
  }

  @Override
  public void move(Path from, SecureDirectoryStream<Path> targetDirectory, Path to)
      throws IOException {
    if (!(targetDirectory instanceof SecureTreeStream target)) {
      throw new ProviderMismatchException("Not a directory of the mounted tree");
    }
    held.move(inner(from), target.held, target.inner(to));
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(Class<V> type) {
    return held.getFileAttributeView(type);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return held.getFileAttributeView(
        fileSystem.getPath(MountedPath.checked(path).toString()), type, options);
  }

  @Override
  public void close() throws IOException {
    entries.close();
  }
}
