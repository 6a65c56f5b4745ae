package io.fspf.seal;

import io.fspf.Name;
import io.fspf.Region;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.volume.VolumeBuilder;
import io.fspf.internal.volume.VolumeEnvironment;
import io.fspf.internal.volume.Volumes;
import java.io.IOException;
import java.nio.file.Path;

/** Volumes that a key holder made to do harm. */
final class HostileVolumes {
  private HostileVolumes() {}

  /**
   * A volume whose root holds one directory.
   *
   * @param name of a further entry in that directory
   * @param loop whether it leads to the directory itself; else to a file
   */
  static void make(Path home, VolumeOptions options, String name, boolean loop) throws IOException {
    try (VolumeBuilder volume =
        VolumeBuilder.begin(
            VolumeEnvironment.standard(),
            Volumes.locate(home, options),
            options,
            Region.encrypted(VolumePath.ROOT, "."),
            false)) {
      long root = volume.newInode();
      long directory = volume.newInode();
      long file = volume.newInode();
      volume.inode(root, directory(0));
      volume.entry(root, Name.of("dir"), directory, FileType.FILE_TYPE_DIRECTORY);
      volume.inode(directory, directory(loop ? directory : root));
      volume.entry(
          directory,
          Name.of(name),
          loop ? directory : file,
          loop ? FileType.FILE_TYPE_DIRECTORY : FileType.FILE_TYPE_REGULAR);
      volume.inode(file, record(FileType.FILE_TYPE_REGULAR, 0600).setLinks(1).build());
      volume.commit();
    }
  }

  private static Inode directory(long parent) {
    return record(FileType.FILE_TYPE_DIRECTORY, 0700).setLinks(3).setParent(parent).build();
  }

  private static Inode.Builder record(FileType type, int mode) {
    return Inode.newBuilder().setType(type).setRegion(VolumeBuilder.REGION).setMode(mode);
  }
}
