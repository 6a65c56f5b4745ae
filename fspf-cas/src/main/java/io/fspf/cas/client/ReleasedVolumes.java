package io.fspf.cas.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.fspf.Freshness;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.cas.client.Configuration.Mount;
import io.fspf.key.KeyProviders;
import io.fspf.nio.FspfEnvironment;
import io.fspf.nio.MountTable;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The volumes of a configuration, as mounts. On the host a volume is looked for at its own path
 * below the host root, where a container would have it, unless another place is named.
 */
public final class ReleasedVolumes {
  /** In the service's store, which is for one volume. */
  private static final String NAME = "volume";

  private final Configuration configuration;
  private final Path hostRoot;
  private final ImmutableMap<String, Path> places;

  /**
   * The volumes.
   *
   * @param hostRoot the directory that holds the image's tree
   * @param places other host directories, by the names of volumes
   */
  public ReleasedVolumes(Configuration configuration, Path hostRoot, Map<String, Path> places) {
    this.configuration = configuration;
    this.hostRoot = hostRoot.toAbsolutePath();
    this.places = ImmutableMap.copyOf(places);
    for (String name : places.keySet()) {
      if (configuration.mounts().stream().noneMatch(mount -> mount.name().equals(name))) {
        throw new IllegalArgumentException("There is no volume " + name + " in the session");
      }
    }
  }

  /**
   * The mounts. A volume whose key the service drew, and which no program has had yet, is made; so
   * is one with the policy {@code ephemeral}, whatever is there, and one that may be initialised
   * again and is gone.
   *
   * @throws IOException if a volume cannot be made, or one that never changes is not in the state
   *     that its session names
   */
  public MountTable mounts() throws IOException {
    List<MountTable.Entry> entries = new ArrayList<>();
    for (Mount mount : configuration.mounts()) {
      Path location = location(mount);
      boolean made = isMade(mount, location);
      if (made) {
        make(mount, location);
      }
      FspfEnvironment environment = environment(mount, made);
      if (mount.root()) {
        for (String path : rootPaths(mount, location)) {
          entries.add(
              new MountTable.Entry(
                  path.equals("/") ? directory(mount.path()) : path,
                  location.toString(),
                  path,
                  environment));
        }
      } else {
        entries.add(new MountTable.Entry(mount.path(), location.toString(), "/", environment));
      }
    }
    return MountTable.of(entries);
  }

  private Path location(Mount mount) {
    Path place = places.get(mount.name());
    return place != null ? place.toAbsolutePath() : hostRoot.resolve(mount.path().substring(1));
  }

  private static String directory(String fspfFile) {
    int slash = fspfFile.lastIndexOf('/');
    return slash == 0 ? "/" : fspfFile.substring(0, slash);
  }

  private static Freshness freshness(Mount mount, TagPolicy policy) {
    return mount
        .store()
        .map(store -> Freshness.store(store, policy, NAME))
        .orElseGet(() -> Freshness.pinned(mount.tag().orElseThrow()));
  }

  private FspfEnvironment environment(Mount mount, boolean made) {
    // What was made just now is to be found as it was made; EPHEMERAL takes nothing that is there.
    TagPolicy policy = made ? TagPolicy.ROLLBACK_PROTECTED : mount.policy();
    FspfEnvironment environment =
        FspfEnvironment.empty().withFreshness(freshness(mount, policy)).withHostRoot(hostRoot);
    if (mount.store().isEmpty()) {
      environment = environment.readOnly();
    }
    return mount.key().isPresent() ? environment.withKey(mount.key().get()) : environment;
  }

  private VolumeOptions options(Mount mount) {
    VolumeOptions options =
        VolumeOptions.of(freshness(mount, mount.policy())).withHostRoot(hostRoot);
    return mount.key().isPresent()
        ? options.withKeys(KeyProviders.raw(mount.key().get()))
        : options;
  }

  /** Whether this program makes the volume, by its policy and what is there. */
  private static boolean isMade(Mount mount, Path location) throws IOException {
    if (mount.root() || mount.store().isEmpty() || mount.key().isEmpty()) {
      return false;
    }
    return switch (mount.policy()) {
      case EPHEMERAL -> true;
      case ROLLBACK_PROTECTED_REINITIALIZABLE ->
          Files.notExists(location.resolve(Volume.FILE_NAME));
      case ROLLBACK_PROTECTED, NO_ROLLBACK_PROTECTION ->
          mount.tag().isEmpty() && mount.store().get().load(NAME).isEmpty();
    };
  }

  private void make(Mount mount, Path location) throws IOException {
    Files.createDirectories(location);
    if (mount.policy() == TagPolicy.EPHEMERAL) {
      removeOld(location);
    }
    Region all = Region.encrypted(VolumePath.ROOT, ".");
    try (Volume volume = Volume.create(location, options(mount).writable(), List.of(all))) {
      for (Map.Entry<String, String> file : mount.files().entrySet()) {
        write(volume, VolumePath.of(file.getKey()), file.getValue());
      }
      var unused = volume.commit();
    }
  }

  /** What an earlier use has left, which nobody will read again; nothing else that lies there. */
  private static void removeOld(Path location) throws IOException {
    Files.deleteIfExists(location.resolve(Volume.FILE_NAME));
    Path objects = location.resolve("objects");
    if (Files.isDirectory(objects, LinkOption.NOFOLLOW_LINKS)) {
      MoreFiles.deleteRecursively(objects, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static void write(Volume volume, VolumePath path, String content) throws IOException {
    VolumePath parent = VolumePath.ROOT;
    for (int i = 0; i < path.names().size() - 1; i++) {
      parent = parent.resolve(path.names().get(i));
      try {
        volume.createDirectory(parent, 0700);
      } catch (java.nio.file.FileAlreadyExistsException e) {
        // An earlier file made it.
      }
    }
    try (VolumeFile file =
        volume.open(path, 0600, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(content.getBytes(UTF_8));
      file.write(bytes, 0);
    }
  }

  /**
   * What of an image's own file system is mounted: the whole where all of it is protected,
   * otherwise each protected region; what is not protected is the host's anyway.
   */
  private List<String> rootPaths(Mount mount, Path location) throws IOException {
    List<String> paths = new ArrayList<>();
    try (Volume volume = Volume.open(location, options(mount))) {
      for (Region region : volume.regions()) {
        if (region.protection() != Protection.NOT_PROTECTED) {
          paths.add(region.path().toString());
        }
      }
    }
    return paths.contains("/") ? List.of("/") : paths;
  }
}
