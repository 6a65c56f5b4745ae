package io.fspf.cas.decision;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.HashCode;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.tag.TagPolicy;
import java.util.Optional;

/**
 * What a proven program gets.
 *
 * @param configId what it asked for
 * @param command it and its arguments
 * @param workingDirectory where it starts
 * @param environment its variables
 * @param mounts its volumes
 * @param sessions the sessions that this follows from, and their hashes
 */
public record Release(
    ConfigId configId,
    Optional<String> command,
    Optional<String> workingDirectory,
    ImmutableMap<String, String> environment,
    ImmutableList<Mount> mounts,
    ImmutableMap<String, HashCode> sessions) {

  /**
   * A volume at its place.
   *
   * @param path where it stands: a directory, or for the image's own file system its fspf file
   * @param volume which one
   * @param key its key; none for a volume without one, and where the service draws it
   * @param tag the state that the session names, to begin with
   * @param policy how old states are treated; nothing for a volume that never changes
   * @param drawn whether the service draws the key
   * @param files what is written into it when it is made
   */
  public record Mount(
      String path,
      VolumeId volume,
      Optional<VolumeKey> key,
      Optional<RootTag> tag,
      Optional<TagPolicy> policy,
      boolean drawn,
      ImmutableMap<String, String> files) {

    /** Without the contents of files. */
    @Override
    public String toString() {
      return path + " from " + volume;
    }
  }

  /** Without the variables. */
  @Override
  public String toString() {
    return "Release[" + configId + ", " + mounts + "]";
  }
}
