package io.fspf.internal.volume;

import io.fspf.Freshness;
import io.fspf.IntegrityException;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.HostLock;
import io.fspf.internal.host.NioHost;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.TreeOptions;
import io.fspf.key.KeyProvider;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens and makes volumes. */
public final class Volumes {
  private static final int FIRST_INODE = 1;

  private Volumes() {}

  /** As {@link Volume#open}. */
  public static Volume open(Path location, VolumeOptions options) throws IOException {
    return open(VolumeEnvironment.standard(), locate(location, options), options);
  }

  /** As {@link Volume#create}. */
  public static Volume create(Path location, VolumeOptions options, List<Region> regions)
      throws IOException {
    return create(VolumeEnvironment.standard(), locate(location, options), options, regions);
  }

  /** As {@link Volume#isVolume}. */
  public static boolean isVolume(Path location) throws IOException {
    VolumeLocation at = locate(location, VolumeOptions.of(Freshness.unchecked()));
    try (HostFile file = at.open(HostDirectory.Mode.READ)) {
      var unused = MetadataLog.readHeader(file);
      return true;
    } catch (IntegrityException | NoSuchFileException e) {
      return false;
    }
  }

  /** The volume at a path: a directory that holds an fspf file, or the file itself. */
  public static VolumeLocation locate(Path location, VolumeOptions options) throws IOException {
    NioHost host = NioHost.of(location.getFileSystem());
    Path absolute = location.toAbsolutePath().normalize();
    Path file = isDirectory(absolute) ? absolute.resolve(Volume.FILE_NAME) : absolute;
    Path directory = file.getParent();
    if (directory == null) {
      throw new IllegalArgumentException("No place for an fspf file: " + location);
    }
    return new VolumeLocation(
        host,
        directory.toString(),
        NioHost.name(file),
        options.hostRoot().map(root -> root.toAbsolutePath().toString()).orElse(null));
  }

  /** Whether a path, which the user gave and which may lead over symbolic links, is a directory. */
  private static boolean isDirectory(Path path) throws IOException {
    try {
      return NioHost.directory(path.toRealPath()).attributes(VolumePath.ROOT).kind()
          == HostAttributes.Kind.DIRECTORY;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** As {@link Volume#tagOf}. */
  public static RootTag tagOf(Path location) throws IOException {
    VolumeLocation at = locate(location, VolumeOptions.of(Freshness.unchecked()));
    try (HostFile file = at.open(HostDirectory.Mode.READ)) {
      return MetadataLog.tagOf(file);
    }
  }

  /** As {@link Volume#recover}. */
  public static RootTag recover(Path location, VolumeOptions options) throws IOException {
    return recover(VolumeEnvironment.standard(), locate(location, options), options);
  }

  /** Settles what writers left behind. */
  public static RootTag recover(
      VolumeEnvironment environment, VolumeLocation location, VolumeOptions options)
      throws IOException {
    Volume volume = open(environment, location, options.writable());
    try (volume) {
      ((LiveVolume) volume).cutToCommit();
    }
    // Closing commits that no writer is at work.
    return volume.tag();
  }

  /** Opens a volume. */
  public static Volume open(
      VolumeEnvironment environment, VolumeLocation location, VolumeOptions options)
      throws IOException {
    return open(environment, location, options, false);
  }

  private static Volume open(
      VolumeEnvironment environment, VolumeLocation location, VolumeOptions options, boolean isNew)
      throws IOException {
    var resources = new ArrayList<Closeable>();
    try {
      return new LiveVolume(VolumeOpening.open(environment, location, options, isNew, resources));
    } catch (Throwable e) {
      new Resources(resources).closeAfter(e);
      throw e;
    }
  }

  /** Makes a volume and opens it for writing. */
  public static Volume create(
      VolumeEnvironment environment,
      VolumeLocation location,
      VolumeOptions options,
      List<Region> regions)
      throws IOException {
    if (HostOperations.exists(location.home(), location.path())) {
      throw new FileAlreadyExistsException(location.file().toString());
    }
    Rewriter.removeStale(location);
    TreeOptions treeOptions = environment.treeOptions(options);
    // Complete before it has its name: what a crash leaves under another is no volume.
    try (NewHeader header = NewHeader.ofNewVolume(environment, options);
        Rewriter draft =
            Rewriter.begin(environment, location, file -> header.start(file, treeOptions))) {
      draft.log().commit(draft.log().empty(), new CommitFields(FIRST_INODE, 0, 0, 0, 0, false));
      draft.install();
      try (HostLock lock = draft.lock()) {
        draft.log().close();
      }
    }
    Volume volume = open(environment, location, options.writable(), true);
    try {
      for (Region region : regions) {
        volume.addRegion(region);
      }
      volume.commit();
      return volume;
    } catch (Throwable e) {
      volume.close();
      throw e;
    }
  }

  /** As {@link Volume#rekey}. */
  public static RootTag rekey(Path location, VolumeOptions options, KeyProvider newKeys)
      throws IOException {
    return Rekey.run(VolumeEnvironment.standard(), locate(location, options), options, newKeys);
  }
}
