package io.fspf.nio;

import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProviders;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One volume in the mounted tree, opened when it is first needed; after a closing it is opened
 * anew. Thread-safe.
 */
final class Mount implements Closeable, ShownViolations.Names {
  private final MountTable.Entry entry;
  private final FileSystem platform;
  private final Path at;
  private volatile @Nullable FspfFileSystem open;
  private @Nullable Thread opener;
  private @Nullable Path temporary;

  Mount(MountTable.Entry entry, FileSystem platform) {
    this.entry = entry;
    this.platform = platform;
    this.at = withoutLinks(platform.getPath(entry.at()).normalize());
  }

  /** The directory above may have several names, of which the host's links lead to one. */
  private static Path withoutLinks(Path at) {
    Path parent = at.getParent();
    Path name = at.getFileName();
    try {
      return parent == null || name == null ? at : parent.toRealPath().resolve(name);
    } catch (IOException e) {
      return at; // It stands in another mount, or will be made yet.
    }
  }

  /** Where it stands, a path of the platform's. */
  Path at() {
    return at;
  }

  /** The volume's path that stands for a path at or below the mount. */
  Path resolve(Path absolute) throws IOException {
    FspfFileSystem volume = fileSystem();
    Path base = volume.getPath(entry.path());
    int depth = at.getNameCount();
    int names = absolute.getNameCount();
    return names == depth ? base : base.resolve(absolute.subpath(depth, names).toString());
  }

  /** The tree's path that stands for a path of the volume; null if there is none. */
  @Nullable Path toTree(Path inVolume) {
    Path base = inVolume.getFileSystem().getPath(entry.path());
    if (!inVolume.startsWith(base)) {
      return null;
    }
    String below = base.relativize(inVolume).toString();
    return below.isEmpty() ? at : at.resolve(below);
  }

  @Override
  public @Nullable String shown(String inVolume) {
    FspfFileSystem volume = open;
    Path shown = volume == null ? null : toTree(volume.getPath(inVolume));
    return shown == null ? null : shown.toString();
  }

  @Override
  public String mountPoint() {
    return at.toString();
  }

  synchronized FspfFileSystem fileSystem() throws IOException {
    FspfFileSystem known = open;
    if (known != null) {
      return known;
    }
    if (opener == Thread.currentThread()) {
      throw new FileSystemException(
          entry.at(), null, "To open the volume something at its own mount is needed");
    }
    opener = Thread.currentThread();
    try {
      var violations = new ShownViolations(this);
      FspfFileSystem opened = violations.shown(() -> (FspfFileSystem) open());
      opened.mountedAs(violations);
      open = opened;
      return opened;
    } finally {
      opener = null;
    }
  }

  private FileSystem open() throws IOException {
    FspfFileSystemProvider volumes = FspfFileSystems.provider();
    if (!entry.isEphemeral()) {
      return volumes.open(platform.getPath(entry.volume()), entry.environment());
    }
    Path directory =
        Files.createTempDirectory(
            platform.getPath(System.getProperty("java.io.tmpdir", "/tmp")), "fspf-mount-");
    temporary = directory;
    try (VolumeKey key = VolumeKey.generate();
        var keys = KeyProviders.raw(key)) {
      var options = VolumeOptions.of(Freshness.unchecked()).withKeys(keys);
      var owner = Principals.ofProcess();
      return volumes.newFileSystem(
          Volume.create(
              directory,
              owner.isPresent() ? options.withOwner(owner.get()) : options,
              List.of(Region.encrypted(VolumePath.ROOT, "."))),
          directory);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    FspfFileSystem known = open;
    if (known != null) {
      known.close();
      open = null;
    }
    Path directory = temporary;
    if (directory != null) {
      ThrowAwayVolume.remove(directory);
      temporary = null;
    }
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return entry.toString();
  }
}
