package io.fspf.internal.host;

import io.fspf.HostSpace;
import io.fspf.Name;
import io.fspf.VolumePath;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory tree of the host, whose files are named by paths relative to it: the root path is the
 * directory itself.
 *
 * <p>The last component of a path is never followed if it is a symbolic link. Paths with {@code
 * ".."} are refused with an {@link IllegalArgumentException}. Failures are those of {@code
 * java.nio.file}: {@link java.nio.file.NoSuchFileException}, {@link
 * java.nio.file.FileAlreadyExistsException} and so on.
 *
 * <p>Thread-safe.
 */
public interface HostDirectory {
  /** How {@link #open} opens. */
  enum Mode {
    /** An existing file, for reading. */
    READ,
    /** An existing file, for reading and writing. */
    WRITE,
    /**
     * A file that does not exist yet, for reading and writing; with mode 0600 where the host has
     * modes.
     */
    CREATE
  }

  /**
   * Opens a regular file.
   *
   * @throws java.nio.file.FileSystemException if the path is something else than a regular file; in
   *     particular opening never waits for the other end of a FIFO
   */
  HostFile open(VolumePath path, Mode mode) throws IOException;

  /** The attributes of the file itself, not of what a symbolic link leads to. */
  HostAttributes attributes(VolumePath path) throws IOException;

  /** The names in a directory, sorted; without "." and "..". */
  List<Name> list(VolumePath directory) throws IOException;

  /** A symbolic link's target. */
  byte[] readSymbolicLink(VolumePath path) throws IOException;

  /**
   * The attributes of the user namespace, without the prefix {@code user.}, none where the host has
   * none.
   */
  SortedMap<Name, byte[]> extendedAttributes(VolumePath path) throws IOException;

  /** Makes a directory, mode 0700 where the host has modes. */
  void createDirectory(VolumePath path) throws IOException;

  /** Makes a symbolic link. */
  void createSymbolicLink(VolumePath path, byte[] target) throws IOException;

  /** Gives the file at {@code existing} one more name. */
  void createLink(VolumePath path, VolumePath existing) throws IOException;

  /** Renames, replacing atomically what stands at {@code to}. */
  void rename(VolumePath from, VolumePath to) throws IOException;

  /** Removes a file, a symbolic link or an empty directory. */
  void delete(VolumePath path) throws IOException;

  /**
   * Sets permission, set-id and sticky bits; nothing where the host has none. Not for symbolic
   * links.
   */
  void setMode(VolumePath path, int mode) throws IOException;

  /** Sets the owner; for a symbolic link its own. */
  void setOwner(VolumePath path, int uid, int gid) throws IOException;

  /** Sets the times that are not null; for a symbolic link its own, where the host can. */
  void setTimes(VolumePath path, @Nullable Instant modified, @Nullable Instant accessed)
      throws IOException;

  /** Sets an attribute of the user namespace, or removes it where {@code value} is null. */
  void setExtendedAttribute(VolumePath path, Name name, byte @Nullable [] value) throws IOException;

  /** Returns when the names in the directory are on stable storage (fsync of the directory). */
  void syncDirectory(VolumePath directory) throws IOException;

  /** Free and total bytes of the store that holds this directory. */
  HostSpace space() throws IOException;

  /**
   * Locks a regular file of this directory among honest processes: many shared holders, or one
   * exclusive one. Never waits.
   *
   * @throws io.fspf.VolumeLockedException if it is taken, naming the holder as far as it is known
   */
  HostLock lock(VolumePath path, boolean exclusive) throws IOException;
}
