package io.fspf.nio;

import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Makes volumes for tests, with a key of their own. */
final class TestVolumes {
  private final VolumeKey key = VolumeKey.generate();
  private final Path directory;

  TestVolumes(Path directory) {
    this.directory = directory;
  }

  FspfEnvironment environment() {
    return FspfEnvironment.empty().withKey(key).withFreshness(Freshness.unchecked());
  }

  private VolumeOptions options() {
    return VolumeOptions.of(Freshness.unchecked())
        .withKeys(KeyProviders.raw(key))
        .withCommitInterval(Duration.ofMinutes(10));
  }

  /** Makes a volume with these regions. */
  void create(Region... regions) throws IOException {
    Files.createDirectories(directory);
    Volume.create(directory, options(), List.of(regions)).close();
  }

  /** Opens the volume that was made. */
  FileSystem open() throws IOException {
    return FspfFileSystems.open(directory, environment());
  }

  FileSystem encrypted() throws IOException {
    create(Region.encrypted(VolumePath.ROOT, "."));
    return open();
  }

  FileSystem authenticated() throws IOException {
    Files.createDirectories(directory.resolve("plain"));
    create(Region.authenticated(VolumePath.ROOT, "plain"));
    return open();
  }

  /** With everything that is under {@code /host} passed through. */
  FileSystem passedThrough() throws IOException {
    Files.createDirectories(directory.resolve("plain"));
    create(
        Region.encrypted(VolumePath.ROOT, "."),
        Region.notProtected(VolumePath.of("/host"), "plain"));
    return open();
  }
}
