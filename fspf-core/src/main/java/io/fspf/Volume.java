package io.fspf;

import io.fspf.internal.volume.Volumes;
import io.fspf.key.KeyProvider;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open volume: one protected tree over an fspf file and the host files that it governs.
 *
 * <p>What is guaranteed: a read returns what was committed, or what this process changed since;
 * {@link #commit} and {@link VolumeFile#force} return when one atomic state of the whole volume is
 * durable and, with a tag store, published there. What is not: changes that no commit covers are
 * lost with the process (they are committed in the options' interval and on close).
 *
 * <p>A volume is open in one process for writing, or in many for reading. Within a process it is
 * thread-safe; readers never wait for the disk's part of a commit.
 */
public interface Volume extends VolumeView, Closeable {
  /** The name of the fspf file in a volume that is given by its directory. */
  String FILE_NAME = "fspf.pb";

  /**
   * Opens a volume.
   *
   * @param location the directory that holds {@value #FILE_NAME}, or an fspf file of any name
   * @throws VolumeKeyException if the key is missing or wrong
   * @throws FreshnessException if the state is not the one that the options call for
   * @throws IntegrityException if the metadata is not a whole volume
   * @throws VolumeLockedException if it is open elsewhere in a way that excludes this use
   */
  static Volume open(Path location, VolumeOptions options) throws IOException {
    return Volumes.open(location, options);
  }

  /**
   * Makes a volume with these regions and opens it for writing.
   *
   * @param location the directory to hold {@value #FILE_NAME}, or the fspf file to be, whose
   *     directory exists
   * @param options with a key provider for a volume with a key
   * @throws java.nio.file.FileAlreadyExistsException if the fspf file exists
   */
  static Volume create(Path location, VolumeOptions options, List<Region> regions)
      throws IOException {
    return Volumes.create(location, options, regions);
  }

  /**
   * Gives a volume another key, or a key at all. Contents stay as they are; the metadata is written
   * anew, which is a commit like any other. Whoever had the old key still knows what the volume
   * held up to now.
   *
   * @param options with the present keys, not with a pinned tag
   * @param newKeys makes the new key
   * @return the new root tag
   */
  static RootTag rekey(Path location, VolumeOptions options, KeyProvider newKeys)
      throws IOException {
    return Volumes.rekey(location, options, newKeys);
  }

  /**
   * Settles what writers left behind that ended without closing a volume: finishes what the last
   * commit decided, deletes what no state needs, cuts host files to the lengths that the commit
   * needs, and drops unfinished commits. Takes time in proportion to the number of files. No volume
   * needs it to be opened; but until it is done, a host file that was made longer is not noticed.
   *
   * @param options with the volume's keys, not with a pinned tag
   * @return the new root tag
   * @throws IntegrityException if something is not what was committed; the rest is settled by then
   *     or later
   */
  static RootTag recover(Path location, VolumeOptions options) throws IOException {
    return Volumes.recover(location, options);
  }

  /**
   * The root tag of the last whole commit of a volume. No key is needed, and nothing is verified:
   * it says what the host offers.
   *
   * @param location as in {@link #open}
   * @throws IntegrityException if there is no whole commit
   */
  static RootTag tagOf(Path location) throws IOException {
    return Volumes.tagOf(location);
  }

  /**
   * Whether an fspf file stands at this place: it begins with the header of one. That says nothing
   * of its authenticity.
   *
   * @param location as for {@link #open}
   */
  static boolean isVolume(Path location) throws IOException {
    return Volumes.isVolume(location);
  }

  /** Whether this volume was opened for writing, and still can be written. */
  boolean isWritable();

  /**
   * Opens a regular file, as {@link #open(VolumePath, OpenOption...)} does.
   *
   * @param mode of the file if this makes it, from its first moment: 07777
   */
  VolumeFile open(VolumePath path, int mode, OpenOption... options) throws IOException;

  /** Makes a directory. */
  void createDirectory(VolumePath path, int mode) throws IOException;

  /** Makes a symbolic link. */
  void createSymbolicLink(VolumePath link, byte[] target) throws IOException;

  /** Gives an existing file, which is no directory, one more name in the same region. */
  void createLink(VolumePath link, VolumePath existing) throws IOException;

  /**
   * Removes a file, a symbolic link or an empty directory. An open file stays readable until it is
   * closed.
   */
  void delete(VolumePath path) throws IOException;

  /**
   * Moves a file or a whole directory, in one step. Into another region it is copied, since its
   * content is protected anew there; commits wait for that. If it fails before all is copied, all
   * is as it was; it does where a directory's path has more than 256 names.
   *
   * @param options {@link java.nio.file.StandardCopyOption#REPLACE_EXISTING} and {@link
   *     java.nio.file.StandardCopyOption#ATOMIC_MOVE}; the latter fails between regions
   */
  void move(VolumePath from, VolumePath to, CopyOption... options) throws IOException;

  /** Changes attributes. */
  void setAttributes(VolumePath path, AttributeChange change, LinkOption... options)
      throws IOException;

  /**
   * Sets an extended attribute of the user namespace, or removes it.
   *
   * @param name without {@code user.}
   * @param value at most 64 KiB, or null to remove
   */
  void setExtendedAttribute(
      VolumePath path, Name name, byte @Nullable [] value, LinkOption... options)
      throws IOException;

  /** Adds a region, empty; its embed point must not be that of another. */
  void addRegion(Region region) throws IOException;

  /**
   * Returns when everything changed so far is in a durable commit. Concurrent callers share one.
   * Without a change there is no new one.
   *
   * @return the root tag of that commit
   */
  RootTag commit() throws IOException;

  /**
   * Writes the fspf file anew without what the present state no longer needs. Changes nothing but
   * the root tag. Commits wait meanwhile, readers and other changes do not.
   */
  void compact() throws IOException;

  /**
   * The commits of the fspf file, the newest first, back to its last compaction; each names the one
   * before by its tag.
   */
  List<VolumeInfo> history() throws IOException;

  /**
   * What writers before left behind when they ended without closing the volume. Of a volume that is
   * open for writing, what has not been settled since.
   */
  CrashRemains crashRemains() throws IOException;

  /**
   * The state of the last commit, which stays readable while the volume changes, until it is
   * closed. Meanwhile the host's files give no room back: each change of a chunk takes more.
   */
  Snapshot snapshot() throws IOException;

  /** A fixed state of a volume. */
  interface Snapshot extends VolumeView, Closeable {
    @Override
    void close() throws IOException;
  }

  /**
   * Commits what was changed, if anything, and lets go of the volume. After that {@link #tag} and
   * {@link #generation} still tell the last commit, which may be one that closing made.
   */
  @Override
  void close() throws IOException;
}
