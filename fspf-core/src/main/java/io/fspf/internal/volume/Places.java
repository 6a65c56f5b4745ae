package io.fspf.internal.volume;

import io.fspf.FileType;
import io.fspf.Name;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.function.Supplier;

/**
 * Finds the places at which names are given and taken away, and says what may not be done there.
 * Thread-safe.
 */
final class Places {
  private static final Name DOT = Name.of(".");
  private static final Name DOT_DOT = Name.of("..");

  private final Supplier<Namespace> names;

  /**
   * For one volume.
   *
   * @param names where paths lead at the moment
   */
  Places(Supplier<Namespace> names) {
    this.names = names;
  }

  /** The file that a path leads to. */
  Position resolve(VolumePath path, boolean follow) throws IOException {
    return names.get().resolve(path, follow);
  }

  /** Where a path without a trailing symbolic link to follow leads. */
  Place place(VolumePath path) throws IOException {
    if (path.isRoot()) {
      throw new FileAlreadyExistsException("/");
    }
    Name name = path.name();
    if (isDots(name)) {
      throw noName(path);
    }
    Namespace now = names.get();
    Position directory = now.resolve(path.parent(), true);
    if (directory.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(path.parent().toString());
    }
    return new Place(directory, name, now.child(directory, name));
  }

  /** The same for a name that something is to get: it is free, and may be given. */
  Place freePlace(VolumePath path) throws IOException {
    Place place = place(path);
    if (place.present() != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    requireAssignable(place);
    return place;
  }

  private static boolean isDots(Name name) {
    return name.equals(DOT_DOT) || name.equals(DOT);
  }

  private static FileSystemException noName(VolumePath path) {
    return new FileSystemException(path.toString(), null, "No name for a file");
  }

  /** Refuses a free name that no file may get. */
  static void requireAssignable(Place place) throws IOException {
    Position directory = place.directory();
    if (isDots(place.name())) {
      throw noName(place.path());
    }
    if (!directory.isProtected() && !directory.isHost()) {
      throw new ReadOnlyFileSystemException();
    }
    boolean reserved =
        directory.isProtected()
            && directory.region().isAuthenticated()
            && directory.inodeNumber() == directory.region().rootInode()
            && place.name().equals(HostJournal.STAGING);
    if (reserved) {
      throw new FileSystemException(place.path().toString(), null, "The name is reserved");
    }
  }

  /** Refuses what embed points depend on. */
  static void requireFree(Position position) throws IOException {
    if (position.embedding() != null) {
      throw new FileSystemException(
          position.path().toString(), null, "A region is embedded here or below");
    }
  }

  /** Refuses what leads from one region into another. */
  static void requireSameRegion(Position source, Place place, String otherwise) throws IOException {
    boolean same =
        (source.isProtected() || source.isHost())
            && (place.directory().isProtected() || place.directory().isHost())
            && source.region().id() == place.directory().region().id();
    if (!same) {
      throw new FileSystemException(source.path().toString(), place.path().toString(), otherwise);
    }
  }

  /** Whether both are one file. */
  static boolean isSame(Position one, Position other) {
    if (one.isProtected() && other.isProtected()) {
      return one.inodeNumber() == other.inodeNumber();
    }
    return one.isHost()
        && other.isHost()
        && one.host().fileKey().equals(other.host().fileKey())
        && one.region().id() == other.region().id();
  }
}
