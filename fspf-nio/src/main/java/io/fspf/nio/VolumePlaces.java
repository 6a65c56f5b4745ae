package io.fspf.nio;

import io.fspf.Volume;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where volumes are on their hosts. */
final class VolumePlaces {
  private VolumePlaces() {}

  /** The fspf file of a place; where a volume is to be made, its directory is made. */
  static Path of(Path location, OpenRequest request) throws IOException {
    Path name = location.getFileName();
    boolean file =
        name != null && (name.toString().endsWith(".pb") || name.toString().endsWith(".fspf"));
    if (request.create() && !file && !Files.exists(location)) {
      requireDurable(location);
      Files.createDirectory(location);
    }
    return of(location);
  }

  /** The fspf file of a place, by the one path that all its names lead to. */
  static Path of(Path location) throws IOException {
    Path file = Files.isDirectory(location) ? location.resolve(Volume.FILE_NAME) : location;
    if (Files.exists(file)) {
      return file.toRealPath();
    }
    Path absolute = file.toAbsolutePath();
    Path directory = absolute.getParent();
    Path name = absolute.getFileName();
    return directory != null && name != null && Files.isDirectory(directory)
        ? directory.toRealPath().resolve(name)
        : absolute;
  }

  /** In the JDK's zip file system, which has no other mark. */
  static boolean isArchive(Path place) {
    return place.getFileSystem().provider().getScheme().equals("jar");
  }

  /** What is written into a zip file is in it only after that is closed: no commit could hold. */
  static void requireDurable(Path place) throws FileSystemException {
    if (isArchive(place)) {
      throw new FileSystemException(
          place.toString(), null, "A volume in a zip file can only be read");
    }
  }
}
