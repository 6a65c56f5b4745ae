package io.fspf;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.util.List;
import java.util.SortedMap;

/**
 * A volume's tree, for reading.
 *
 * <p>Every method that touches a protected region returns exactly what was committed (or what this
 * process changed since), or throws an {@link IntegrityException} that names the path. What is
 * missing throws {@link java.nio.file.NoSuchFileException}, and so on, as the methods of {@link
 * java.nio.file.Files} do; messages name paths in the volume, never those of the host. Symbolic
 * links in the middle of a path are always followed; one at its end unless {@link
 * LinkOption#NOFOLLOW_LINKS} is given.
 *
 * <p>Thread-safe.
 */
public interface VolumeView {
  /**
   * The root tag of the commit that this view reads from, or that it was opened at or last
   * committed.
   */
  RootTag tag();

  /** The generation of that commit, 1 for the first of the volume. */
  long generation();

  /** Counts and sizes of that commit. */
  VolumeInfo info();

  /** The regions, outer before inner. */
  List<Region> regions();

  /**
   * The region that a path belongs to, by its text.
   *
   * @throws java.nio.file.NoSuchFileException if no region covers it
   */
  Region region(VolumePath path) throws IOException;

  /**
   * The room on the host for what a region holds. It is the host's word.
   *
   * @param region one of {@link #regions}
   */
  HostSpace space(Region region) throws IOException;

  /** The attributes of a file. */
  FileAttributes attributes(VolumePath path, LinkOption... options) throws IOException;

  /** The entries of a directory, in the order of their names, without "." and "..". */
  DirectoryCursor list(VolumePath directory) throws IOException;

  /** A symbolic link's target, as it was given: any bytes but NUL. */
  byte[] readSymbolicLink(VolumePath path) throws IOException;

  /** The extended attributes of the user namespace, their names without {@code user.}. */
  SortedMap<Name, byte[]> extendedAttributes(VolumePath path, LinkOption... options)
      throws IOException;

  /** The path with every symbolic link in it followed; the file must exist. */
  VolumePath toRealPath(VolumePath path, LinkOption... options) throws IOException;

  /**
   * Opens a regular file.
   *
   * @param options {@link java.nio.file.StandardOpenOption}s and {@link LinkOption#NOFOLLOW_LINKS};
   *     none means READ. On a view that cannot be changed, what would change it throws {@link
   *     java.nio.file.ReadOnlyFileSystemException}
   */
  VolumeFile open(VolumePath path, OpenOption... options) throws IOException;
}
