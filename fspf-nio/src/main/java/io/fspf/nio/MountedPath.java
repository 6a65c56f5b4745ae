package io.fspf.nio;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A path of the mounted tree. What it is as a text the platform's own path says that it wraps; what
 * it leads to its file system says. Immutable and thread-safe.
 */
final class MountedPath implements Path {
  private final MountedFileSystem fileSystem;
  private final Path inner;

  MountedPath(MountedFileSystem fileSystem, Path inner) {
    this.fileSystem = fileSystem;
    this.inner = inner;
  }

  static MountedPath checked(Path path) {
    if (path instanceof MountedPath mounted) {
      return mounted;
    }
    if (path == null) {
      throw new NullPointerException("path");
    }
    throw new ProviderMismatchException("Not a path of the mounted tree: " + path.getClass());
  }

  /** The platform's path of the same text. */
  Path inner() {
    return inner;
  }

  private MountedPath with(Path other) {
    return new MountedPath(fileSystem, other);
  }

  private @Nullable MountedPath withNullable(@Nullable Path other) {
    return other == null ? null : with(other);
  }

  @Override
  public MountedFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return inner.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return withNullable(inner.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return withNullable(inner.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return withNullable(inner.getParent());
  }

  @Override
  public int getNameCount() {
    return inner.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return with(inner.getName(index));
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    return with(inner.subpath(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    Objects.requireNonNull(other, "other");
    return other instanceof MountedPath that && inner.startsWith(that.inner);
  }

  @Override
  public boolean endsWith(Path other) {
    Objects.requireNonNull(other, "other");
    return other instanceof MountedPath that && inner.endsWith(that.inner);
  }

  @Override
  public Path normalize() {
    return with(inner.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return with(inner.resolve(checked(other).inner));
  }

  @Override
  public Path relativize(Path other) {
    return with(inner.relativize(checked(other).inner));
  }

  @Override
  public URI toUri() {
    return inner.toUri();
  }

  @Override
  public MountedPath toAbsolutePath() {
    return with(inner.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return fileSystem.toRealPath(this, options);
  }

  /** The file of that text on the host: {@code java.io} does not see mounts. */
  @Override
  public File toFile() {
    return inner.toFile();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    if (watcher == null) {
      throw new NullPointerException("watcher");
    }
    if (!(watcher instanceof MountedWatchService ours)) {
      throw new ProviderMismatchException("Not a watch service of the mounted tree");
    }
    return ours.register(this, events, modifiers);
  }

  @Override
  public int compareTo(Path other) {
    return inner.compareTo(((MountedPath) other).inner);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MountedPath that
        && that.fileSystem.equals(fileSystem)
        && inner.equals(that.inner);
  }

  @Override
  public int hashCode() {
    return inner.hashCode();
  }

  @Override
  public String toString() {
    return inner.toString();
  }
}
