package io.fspf.internal.host;

import io.fspf.Name;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The real host: a file system of {@code java.nio.file}, as a rule the default one.
 *
 * <p>Where the provider is the JDK's own on Unix, names are the exact bytes that the kernel keeps,
 * whatever the locale. With other providers names are UTF-8 text, and a name that the provider
 * cannot represent is refused with a {@link FileSystemException}. A provider must offer {@link
 * java.nio.channels.FileChannel}.
 *
 * <p>What a provider lacks is left out: modes and owners without the views {@code posix} and {@code
 * unix}, extended attributes without {@code user}, durable directories where a directory cannot be
 * opened as a file (Windows, in-memory file systems).
 *
 * <p>Thread-safe.
 */
public final class NioHost implements Host {
  /** The default file system. */
  public static final NioHost DEFAULT = new NioHost(FileSystems.getDefault());

  private final NioNames names;
  private final FileSystem fileSystem;

  private NioHost(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
    names = NioNames.of(fileSystem);
  }

  /** The host on this file system. */
  public static NioHost of(FileSystem fileSystem) {
    return fileSystem.equals(FileSystems.getDefault()) ? DEFAULT : new NioHost(fileSystem);
  }

  /** The directory at {@code path} on the host of its file system. */
  public static HostDirectory directory(Path path) {
    NioHost host = of(path.getFileSystem());
    return new NioDirectory(path.toAbsolutePath(), host.names);
  }

  /**
   * The name of the file at {@code path} in its directory, which {@link #directory(Path)} gives for
   * the path's parent.
   *
   * @throws FileSystemException if the path is a root, or its last component is no legal name
   */
  public static Name name(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    return of(path.getFileSystem()).names.name(absolute, absolute);
  }

  /**
   * {@inheritDoc}
   *
   * <p>On Unix the text is that of a {@link VolumePath}, so that every path of the host has one.
   */
  @Override
  public HostDirectory directory(String absolutePath) throws IOException {
    if (names.rawBytes()) {
      if (!absolutePath.startsWith("/")) {
        throw new FileSystemException(absolutePath, null, "not an absolute path");
      }
      Path root = fileSystem.getPath("/");
      return new NioDirectory(names.resolve(root, VolumePath.of(absolutePath)), names);
    }
    Path path;
    try {
      path = fileSystem.getPath(absolutePath);
    } catch (InvalidPathException e) {
      var wrapped = new FileSystemException(absolutePath, null, "not a path of this host");
      wrapped.initCause(e);
      throw wrapped;
    }
    if (!path.isAbsolute()) {
      throw new FileSystemException(absolutePath, null, "not an absolute path");
    }
    return new NioDirectory(path, names);
  }
}
