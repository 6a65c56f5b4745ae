package io.fspf.nio;

import io.fspf.Volume;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.spi.FileSystemProvider;

/**
 * Volumes as file systems, for programs that know of volumes. All others use {@link
 * java.nio.file.FileSystems}. Thread-safe.
 */
public final class FspfFileSystems {
  private FspfFileSystems() {}

  /**
   * The provider that the JDK has installed; where class loading kept it from finding this one, an
   * instance of its own.
   */
  static FspfFileSystemProvider provider() {
    return Installed.PROVIDER;
  }

  private static final class Installed {
    static final FspfFileSystemProvider PROVIDER = find();

    private static FspfFileSystemProvider find() {
      for (FileSystemProvider provider : FileSystemProvider.installedProviders()) {
        if (provider instanceof FspfFileSystemProvider ours) {
          return ours;
        }
      }
      return new FspfFileSystemProvider();
    }
  }

  /**
   * Opens the volume at a place, or makes it if the environment says so.
   *
   * @param location an fspf file, or the directory that holds {@value Volume#FILE_NAME}
   */
  public static FileSystem open(Path location, FspfEnvironment environment) throws IOException {
    return provider().open(location, environment);
  }

  /**
   * An open volume as a file system, which closes it when it is closed.
   *
   * @param location its place
   */
  public static FileSystem of(Volume volume, Path location) throws IOException {
    return provider().newFileSystem(volume, location);
  }

  /**
   * The volume of a file system: for its root tag, a commit, a snapshot.
   *
   * @throws ProviderMismatchException if it is the file system of no volume
   */
  public static Volume volume(FileSystem fileSystem) {
    if (fileSystem instanceof FspfFileSystem ours) {
      ours.checkOpen();
      return ours.volume();
    }
    throw new ProviderMismatchException("Not the file system of a volume");
  }
}
