package io.fspf.seal;

import com.google.common.collect.ImmutableList;
import io.fspf.Freshness;
import io.fspf.Integrity;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.Storage;
import io.fspf.VolumeInfo;
import io.fspf.VolumeKeyException;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.volume.VolumeBuilder;
import io.fspf.internal.volume.VolumeEnvironment;
import io.fspf.internal.volume.VolumeLocation;
import io.fspf.internal.volume.Volumes;
import io.fspf.key.KeyProvider;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a volume of a whole directory.
 *
 * <p>What is guaranteed: when {@link #seal} returns, the volume is durable and complete; when it
 * throws or is killed, there is no volume that opens (or, with {@link #withForce}, still the old
 * one). A source that changes meanwhile is noticed, by sizes, modification times and identities of
 * files and directories before and after they are read, and sealing fails. What is not: the source
 * is read as it stands, so whatever others write into it before is sealed as well.
 *
 * <p>Recorded are contents, names, modes, owners, times in nanoseconds, symbolic and hard links,
 * extended attributes of the user namespace, empty directories. Devices, FIFOs and sockets are
 * refused by name, and so are names that cannot be represented.
 *
 * <p>Memory does not grow with the contents, only with the number of names in one generation of the
 * tree. Immutable: each {@code with} method returns a changed copy.
 */
public final class Sealer {
  private final Protection protection;
  private final Path source;
  private final Path target;
  private final Optional<KeyProvider> keys;
  private final Optional<Integrity> integrity;
  private final int chunkSize;
  private final ImmutableList<Glob> excludes;
  private final boolean force;
  private final SealProgress progress;
  private final int threads;
  private final Freshness freshness;

  private Sealer(Builder builder) {
    this.protection = builder.protection;
    this.source = builder.source;
    this.target = builder.target;
    this.keys = builder.keys;
    this.integrity = builder.integrity;
    this.chunkSize = builder.chunkSize;
    this.excludes = ImmutableList.copyOf(builder.excludes);
    this.force = builder.force;
    this.progress = builder.progress;
    this.threads = builder.threads;
    this.freshness = builder.freshness;
  }

  /** The fields while a copy is made. */
  private static final class Builder {
    Protection protection;
    Path source;
    Path target;
    Optional<KeyProvider> keys = Optional.empty();
    Optional<Integrity> integrity = Optional.empty();
    int chunkSize = Region.DEFAULT_CHUNK_SIZE;
    List<Glob> excludes = List.of();
    boolean force;
    SealProgress progress = SealProgress.none();
    int threads = Crew.allCores();
    Freshness freshness = Freshness.unchecked();

    Builder(Protection protection, Path source, Path target) {
      this.protection = protection;
      this.source = source;
      this.target = target;
    }
  }

  private Builder copy() {
    var copy = new Builder(protection, source, target);
    copy.keys = keys;
    copy.integrity = integrity;
    copy.chunkSize = chunkSize;
    copy.excludes = excludes;
    copy.force = force;
    copy.progress = progress;
    copy.threads = threads;
    copy.freshness = freshness;
    return copy;
  }

  /**
   * Makes {@code target} a volume that holds the tree of {@code source}, in one encrypted region
   * {@code "/"}. The source stays as it is.
   *
   * @param target a directory, which is made where it is missing; it gets the fspf file and the
   *     object files. Not within the source
   */
  public static Sealer encrypt(Path source, Path target) {
    return new Sealer(new Builder(Protection.ENCRYPTED, source, target));
  }

  /**
   * Seals a directory in place, as one authenticated region {@code "/"}: writes its fspf file and
   * touches nothing else.
   */
  public static Sealer authenticate(Path directory) {
    return new Sealer(new Builder(Protection.AUTHENTICATED, directory, directory));
  }

  /** Where the volume key comes from; needed for everything but {@link Integrity#SHA256}. */
  public Sealer withKeys(KeyProvider provider) {
    Builder copy = copy();
    copy.keys = Optional.of(provider);
    return new Sealer(copy);
  }

  /**
   * What chunk records are made of; {@link Integrity#GCM} for encrypted and {@link
   * Integrity#SHA256} for authenticated ones where nothing is said.
   *
   * @throws IllegalArgumentException if it does not go with the protection
   */
  public Sealer withIntegrity(Integrity chosen) {
    Builder copy = copy();
    copy.integrity = Optional.of(chosen);
    return checked(copy);
  }

  /**
   * The chunk size in bytes; 64 KiB where nothing is said.
   *
   * @throws IllegalArgumentException if it is no power of two from 4 KiB to 16 MiB
   */
  public Sealer withChunkSize(int bytes) {
    Builder copy = copy();
    copy.chunkSize = bytes;
    return checked(copy);
  }

  private static Sealer checked(Builder builder) {
    var sealer = new Sealer(builder);
    sealer.region();
    return sealer;
  }

  /**
   * Leaves out what matches, and all below it. May be given several times.
   *
   * @param glob matched against the whole path relative to the source, without a leading slash:
   *     {@code *} and {@code ?} within a name, {@code **} across names, {@code [a-z]}, {@code
   *     {one,other}}, and a backslash before a character that stands for itself, as in {@link
   *     java.nio.file.FileSystem#getPathMatcher}
   * @throws IllegalArgumentException if it is malformed
   */
  public Sealer withExclude(String glob) {
    Builder copy = copy();
    copy.excludes = ImmutableList.<Glob>builder().addAll(excludes).add(Glob.of(glob)).build();
    return new Sealer(copy);
  }

  /**
   * Whether a volume that stands in the place is replaced. The old one stays until the new one is
   * in place; then its objects are deleted.
   */
  public Sealer withForce(boolean replace) {
    Builder copy = copy();
    copy.force = replace;
    return new Sealer(copy);
  }

  /** Who hears of the progress and may cancel. */
  public Sealer withProgress(SealProgress listener) {
    Builder copy = copy();
    copy.progress = listener;
    return new Sealer(copy);
  }

  /** How many threads work; one per core where nothing is said. */
  public Sealer withThreads(int count) {
    Builder copy = copy();
    copy.threads = Crew.checkedThreads(count);
    return new Sealer(copy);
  }

  /**
   * Where the new volume's root tag is registered, if anywhere.
   *
   * @throws IllegalArgumentException for a pinned tag, which a new volume cannot have
   */
  public Sealer withFreshness(Freshness store) {
    if (store instanceof Freshness.Pinned) {
      throw new IllegalArgumentException("The root tag of a volume is known after sealing");
    }
    Builder copy = copy();
    copy.freshness = store;
    return new Sealer(copy);
  }

  private Region region() {
    Integrity records =
        integrity.orElse(protection == Protection.ENCRYPTED ? Integrity.GCM : Integrity.SHA256);
    return new Region(
        VolumePath.ROOT, protection, Storage.KERNEL, Optional.of("."), records, chunkSize);
  }

  /**
   * Seals.
   *
   * @return what was made, with its root tag
   * @throws VolumeKeyException if a key is needed and missing
   * @throws java.nio.file.FileAlreadyExistsException if there is a volume already
   * @throws FileSystemException naming the file that cannot be read, has a type that cannot be
   *     sealed, or changed meanwhile
   * @throws java.util.concurrent.CancellationException if the progress says so
   */
  public VolumeInfo seal() throws IOException {
    Region region = region();
    if (keys.isEmpty() && region.integrity() != Integrity.SHA256) {
      throw new VolumeKeyException(
          (protection == Protection.ENCRYPTED ? "Encryption" : "GMAC")
              + " needs a key: give a key file, a passphrase or the environment"
              + (protection == Protection.ENCRYPTED ? "" : ", or use SHA-256"));
    }
    if (!Files.isDirectory(source)) {
      // Says which of the two it is.
      source.getFileSystem().provider().checkAccess(source);
      throw new NotDirectoryException(source.toString());
    }
    return protection == Protection.ENCRYPTED ? sealEncrypted(region) : sealInPlace(region);
  }

  private VolumeOptions options() {
    VolumeOptions options = VolumeOptions.of(freshness);
    return keys.isPresent() ? options.withKeys(keys.get()) : options;
  }

  private VolumeInfo sealInPlace(Region region) throws IOException {
    VolumeLocation location = Volumes.locate(target, options());
    // As it is before a file is made in it.
    HostAttributes root = location.home().attributes(VolumePath.ROOT);
    try (VolumeBuilder volume = begin(location, region)) {
      SourceTree.Exclusion exclusion =
          (path, directory) ->
              OwnFiles.isOwn(location, path, directory, root.fileKey()) || isExcluded(path);
      return seal(volume, region, exclusion, Placement.IN_PLACE, root);
    }
  }

  private VolumeInfo sealEncrypted(Region region) throws IOException {
    boolean made = !Files.exists(target);
    if (made) {
      Files.createDirectories(target);
    }
    try {
      Path realSource = source.toRealPath();
      if (target.toRealPath().startsWith(realSource)) {
        throw new FileSystemException(
            target.toString(), null, "lies within the source " + source + ": choose another place");
      }
      return sealInto(region);
    } catch (Throwable e) {
      if (made) {
        removeIfEmpty(target, e);
      }
      throw e;
    }
  }

  private static void removeIfEmpty(Path directory, Throwable cause) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private VolumeInfo sealInto(Region region) throws IOException {
    VolumeLocation location = Volumes.locate(target, options());
    HostDirectory host = location.home();
    OldObjects old = force ? OldObjects.in(host) : OldObjects.NONE;
    try (VolumeBuilder volume = begin(location, region)) {
      var placement = new ObjectPlacement(host, VolumeBuilder.REGION);
      VolumeInfo info;
      try {
        info = seal(volume, region, (path, directory) -> isExcluded(path), placement, null);
      } catch (Throwable e) {
        if (!volume.isInPlace()) {
          undo(placement, e);
        }
        throw e;
      }
      old.delete(host);
      return info;
    }
  }

  private static void undo(Placement placement, Throwable cause) {
    try {
      placement.undo();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private VolumeBuilder begin(VolumeLocation location, Region region) throws IOException {
    return VolumeBuilder.begin(VolumeEnvironment.standard(), location, options(), region, force);
  }

  private boolean isExcluded(VolumePath path) {
    return excludes.stream().anyMatch(glob -> glob.matches(path));
  }

  private VolumeInfo seal(
      VolumeBuilder volume,
      Region region,
      SourceTree.Exclusion exclusion,
      Placement placement,
      @Nullable HostAttributes root)
      throws IOException {
    try (var crew = new Crew(threads, progress);
        var syncs = Tasks.ofSyncs()) {
      var context =
          new IncomingFile.Context(
              new SourceTree(source, exclusion),
              VolumeBuilder.REGION,
              region,
              volume.services(),
              placement,
              crew,
              syncs);
      new Intake(context, volume).run(volume.newInode(), 0, root);
      syncs.join();
      placement.sync(syncs);
      crew.checkWanted();
      return volume.commit();
    }
  }
}
