package io.fspf.bench.contender;

import io.fspf.Freshness;
import io.fspf.Integrity;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProviders;
import io.fspf.nio.FspfFileSystems;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The root region of a new volume, through the file system provider. */
public final class VolumeContender extends FileSystemContender {
  private final Volume volume;

  private VolumeContender(String name, FileSystem fileSystem) {
    super(name, fileSystem.getPath("/"), fileSystem);
    volume = FspfFileSystems.volume(fileSystem);
  }

  /**
   * A new volume.
   *
   * @param integrity decides between encrypted and authenticated
   * @param chunkSize in bytes
   * @param commitInterval how long changes wait for a commit
   */
  public static VolumeContender create(
      String name, Path directory, Integrity integrity, int chunkSize, Duration commitInterval)
      throws IOException {
    boolean encrypted = integrity == Integrity.GCM || integrity == Integrity.GCM_SHA256;
    Region region =
        encrypted
            ? Region.encrypted(VolumePath.ROOT, ".")
            : Region.authenticated(VolumePath.ROOT, ".");
    VolumeOptions options =
        VolumeOptions.of(Freshness.unchecked())
            .withKeys(KeyProviders.raw(VolumeKey.generate()))
            .withCommitInterval(commitInterval);
    Volume volume =
        Volume.create(
            directory, options, List.of(region.withIntegrity(integrity).withChunkSize(chunkSize)));
    return new VolumeContender(name, FspfFileSystems.of(volume, directory));
  }

  @Override
  public void settle() throws IOException {
    volume.commit();
  }
}
