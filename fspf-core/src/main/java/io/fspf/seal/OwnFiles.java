package io.fspf.seal;

import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.volume.VolumeBuilder;
import io.fspf.internal.volume.VolumeLocation;

/** Knows the files that a volume keeps for itself among those that it protects. */
final class OwnFiles {
  private OwnFiles() {}

  /**
   * Whether a file of an authenticated region is the fspf file, or what a writer keeps beside it.
   *
   * @param path below the region
   * @param directory the attributes of the directory that holds it
   * @param home the identity of the directory that holds the fspf file
   */
  static boolean isOwn(
      VolumeLocation location, VolumePath path, HostAttributes directory, Object home) {
    return (directory.fileKey().equals(home) && VolumeBuilder.isOwnName(location, path.name()))
        || VolumeBuilder.isStaging(path);
  }
}
