package io.fspf.internal.volume;

import com.google.common.io.BaseEncoding;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fspf.Freshness;
import io.fspf.FreshnessException;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.file.ContentServices;
import io.fspf.internal.file.FileKeys;
import io.fspf.internal.format.KeySlot;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.HostLock;
import io.fspf.internal.host.NioHost;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.HeaderFields;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeOptions;
import io.fspf.internal.tree.VolumeHeader;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyRequest;
import io.fspf.key.NewKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens and makes volumes. */
public final class Volumes {
  private static final int VOLUME_ID_LENGTH = 16;
  private static final int FIRST_INODE = 1;

  private Volumes() {}

  /** As {@link Volume#open}. */
  public static Volume open(Path location, VolumeOptions options) throws IOException {
    return open(environmentOf(location), locate(location, options), options);
  }

  /** As {@link Volume#create}. */
  public static Volume create(Path location, VolumeOptions options, List<Region> regions)
      throws IOException {
    return create(environmentOf(location), locate(location, options), options, regions);
  }

  /** As {@link Volume#isVolume}. */
  public static boolean isVolume(Path location) throws IOException {
    VolumeLocation at = locate(location, VolumeOptions.of(Freshness.unchecked()));
    try (HostFile file = openFile(at, HostDirectory.Mode.READ)) {
      var unused = MetadataLog.readHeader(file);
      return true;
    } catch (IntegrityException | NoSuchFileException e) {
      return false;
    }
  }

  private static VolumeEnvironment environmentOf(Path location) {
    return VolumeEnvironment.standard().withHost(NioHost.of(location.getFileSystem()));
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
    return tagOf(locate(location, VolumeOptions.of(Freshness.unchecked())));
  }

  /**
   * The root tag of an fspf file's last whole commit; no key is needed.
   *
   * @throws io.fspf.IntegrityException if there is none
   */
  static RootTag tagOf(VolumeLocation location) throws IOException {
    try (HostFile file = openFile(location, HostDirectory.Mode.READ)) {
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
      return new LiveVolume(opened(environment, location, options, isNew, resources));
    } catch (Throwable e) {
      closeAfter(e, resources);
      throw e;
    }
  }

  /**
   * Opens a volume; at the file that was to replace it, if that had become known when a crash kept
   * it from getting its name. A writer makes up for that.
   */
  private static OpenedVolume opened(
      VolumeEnvironment environment,
      VolumeLocation location,
      VolumeOptions options,
      boolean isNew,
      List<Closeable> resources)
      throws IOException {
    var own = new ArrayList<Closeable>();
    try {
      OpenedVolume opened = openedAt(environment, location, options, isNew, own);
      resources.addAll(own);
      return opened;
    } catch (FreshnessException e) {
      closeAfter(e, own);
      Optional<VolumePath> successor = publishedSuccessor(location, options);
      if (isNew || successor.isEmpty()) {
        throw e;
      }
      VolumeLocation at = location;
      if (options.isWritable()) {
        Rewriter.installPublished(location, successor.get());
      } else {
        at = location.withFile(successor.get().name());
      }
      return openedAt(environment, at, options, false, resources);
    } catch (Throwable e) {
      closeAfter(e, own);
      throw e;
    }
  }

  private static Optional<VolumePath> publishedSuccessor(
      VolumeLocation location, VolumeOptions options) throws IOException {
    VolumeHeader header;
    try (HostFile file = openFile(location, HostDirectory.Mode.READ)) {
      header = MetadataLog.readHeader(file);
    }
    Optional<RootTag> remembered =
        new FreshnessGuard(options.freshness(), volumeName(header)).remembered();
    return remembered.isPresent()
        ? Rewriter.findPublished(location, remembered.get())
        : Optional.empty();
  }

  private static OpenedVolume openedAt(
      VolumeEnvironment environment,
      VolumeLocation location,
      VolumeOptions options,
      boolean isNew,
      List<Closeable> resources)
      throws IOException {
    boolean writable = options.isWritable();
    HostLock lock = location.home().lock(location.path(), writable);
    resources.add(lock);
    HostFile file =
        openFile(location, writable ? HostDirectory.Mode.WRITE : HostDirectory.Mode.READ);
    resources.add(file);
    VolumeHeader header = MetadataLog.readHeader(file);
    var guard = new FreshnessGuard(options.freshness(), volumeName(header));
    MetadataKeys keys;
    try {
      keys = unlock(environment, options, header);
    } catch (VolumeKeyException e) {
      guard.refuseUnlessPinned(file, e);
      throw e;
    }
    if (keys != null) {
      resources.add(keys::close);
    }
    MetadataLog log = guard.open(file, header, keys, treeOptions(environment, options));
    resources.add(log);
    if (isNew) {
      guard.register(log.head());
    } else {
      guard.admit(log, location.home(), writable);
    }
    return new OpenedVolume(
        environment,
        location,
        options,
        log,
        regionsOf(log.tree(), location),
        services(environment, options, keys),
        guard,
        lock,
        keys);
  }

  static HostFile openFile(VolumeLocation location, HostDirectory.Mode mode) throws IOException {
    return location.home().open(location.path(), mode);
  }

  static String volumeName(VolumeHeader header) {
    return BaseEncoding.base16().lowerCase().encode(header.volumeId().toByteArray());
  }

  static TreeOptions treeOptions(VolumeEnvironment environment, VolumeOptions options) {
    return TreeOptions.defaults()
        .withClock(environment.clock())
        .withCacheBytes(options.cacheBytes() / 4);
  }

  static ContentServices services(
      VolumeEnvironment environment, VolumeOptions options, @Nullable MetadataKeys keys) {
    return new ContentServices(
        environment.crypto(),
        new FileKeys(environment.crypto(), keys == null ? null : keys.fileKeys()),
        options.cacheBytes() - options.cacheBytes() / 4,
        environment.limits());
  }

  /** The keys of a volume with a key; null for one without. */
  static @Nullable MetadataKeys unlock(
      VolumeEnvironment environment, VolumeOptions options, VolumeHeader header)
      throws IOException {
    if (!header.isSealed()) {
      if (options.keys().isPresent()) {
        // Or the host could put a volume of its own making in the place of a sealed one.
        throw new VolumeKeyException(
            "A key was given, but the volume has none: it is not the volume that the key belongs to");
      }
      return null;
    }
    if (options.keys().isEmpty()) {
      throw new VolumeKeyException(
          "The volume has a key: give it by a key file, a passphrase or the environment");
    }
    var slots = new ArrayList<io.fspf.key.KeySlot>();
    for (KeySlot slot : header.keySlots()) {
      slots.add(io.fspf.key.KeySlot.ofBytes(slot.toByteArray()));
    }
    byte[] volumeId = header.volumeId().toByteArray();
    try (VolumeKey key = options.keys().get().unlock(KeyRequest.of(volumeId, slots));
        SecretBytes secret = SecretBytes.moveFrom(key.exportBytes())) {
      MetadataKeys keys =
          MetadataKeys.derive(environment.crypto(), secret, header.salt().toByteArray(), volumeId);
      if (!keys.matches(header.keyCommitment().toByteArray())) {
        keys.close();
        throw new VolumeKeyException("Wrong key: it is not the key of this volume");
      }
      return keys;
    }
  }

  static RegionTable regionsOf(Tree tree, VolumeLocation location) throws IOException {
    var regions = new ArrayList<MountedRegion>();
    Cursor cursor = tree.cursor(Keys.prefix(0, Keys.REGION));
    while (cursor.next() && Keys.matches(cursor.key(), 0, Keys.REGION)) {
      var record = Records.parse(io.fspf.internal.format.Region.parser(), cursor.value());
      Region region = MountedRegion.decode(record);
      HostDirectory host =
          region.hostDirectory().isPresent()
              ? location.regionDirectory(region.hostDirectory().get())
              : null;
      regions.add(new MountedRegion(record.getId(), region, record.getRootInode(), host));
    }
    return new RegionTable(regions);
  }

  /** A new fspf file with a header, and the keys that go with it. */
  public record NewLog(MetadataLog log, @Nullable MetadataKeys keys) {}

  /**
   * Starts an fspf file.
   *
   * @param file new and empty
   * @param predecessor the commit of the file that it is to replace, or null for a new volume
   * @param volumeId that of the volume it is to replace, or null for a fresh one
   */
  public static NewLog newLog(
      VolumeEnvironment environment,
      VolumeOptions options,
      HostFile file,
      @Nullable ByteString volumeId,
      HeaderFields.@Nullable Predecessor predecessor)
      throws IOException {
    ByteString id =
        volumeId != null
            ? volumeId
            : ByteString.copyFrom(environment.crypto().random().bytes(VOLUME_ID_LENGTH));
    TreeOptions treeOptions = treeOptions(environment, options);
    if (options.keys().isEmpty()) {
      var fields = new HeaderFields(id, ByteString.EMPTY, List.of(), predecessor);
      return new NewLog(MetadataLog.create(file, fields, null, treeOptions), null);
    }
    byte[] salt = environment.crypto().random().bytes(MetadataKeys.SALT_LENGTH);
    try (NewKey key = options.keys().get().create(id.toByteArray());
        SecretBytes secret = SecretBytes.moveFrom(key.key().exportBytes())) {
      MetadataKeys keys = MetadataKeys.derive(environment.crypto(), secret, salt, id.toByteArray());
      var fields = new HeaderFields(id, ByteString.copyFrom(salt), slots(key), predecessor);
      return new NewLog(MetadataLog.create(file, fields, keys, treeOptions), keys);
    }
  }

  private static List<KeySlot> slots(NewKey key) throws InvalidProtocolBufferException {
    var slots = new ArrayList<KeySlot>();
    for (io.fspf.key.KeySlot slot : key.keySlots()) {
      slots.add(KeySlot.parseFrom(slot.toBytes()));
    }
    return slots;
  }

  /** Makes a volume and opens it for writing. */
  public static Volume create(
      VolumeEnvironment environment,
      VolumeLocation location,
      VolumeOptions options,
      List<Region> regions)
      throws IOException {
    HostDirectory home = location.home();
    VolumePath path = location.path();
    if (exists(home, path)) {
      throw new FileAlreadyExistsException(location.file().toString());
    }
    // Complete before it has its name: what a crash leaves under another is no volume.
    VolumePath draft =
        VolumePath.ROOT.resolve(
            Name.of(
                location.file()
                    + ".new-"
                    + BaseEncoding.base16()
                        .lowerCase()
                        .encode(environment.crypto().random().bytes(4))));
    HostFile file = home.open(draft, HostDirectory.Mode.CREATE);
    try {
      try (file) {
        NewLog created = newLog(environment, options, file, null, null);
        try (MetadataLog log = created.log()) {
          log.commit(log.empty(), new CommitFields(FIRST_INODE, 0, 0, 0, 0, false));
        } finally {
          if (created.keys() != null) {
            created.keys().close();
          }
        }
      }
      home.rename(draft, path);
    } catch (Throwable e) {
      home.delete(draft);
      throw e;
    }
    home.syncDirectory(VolumePath.ROOT);
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
    return rekey(environmentOf(location), locate(location, options), options, newKeys);
  }

  /**
   * Writes a volume's metadata anew under another key; contents stay as they are, their keys are
   * wrapped anew.
   */
  static RootTag rekey(
      VolumeEnvironment environment,
      VolumeLocation location,
      VolumeOptions options,
      KeyProvider newKeys)
      throws IOException {
    var resources = new ArrayList<Closeable>();
    try {
      OpenedVolume old = opened(environment, location, options.writable(), false, resources);
      RootTag tag = rekey(old, options.withKeys(newKeys));
      new Resources(resources).close();
      return tag;
    } catch (Throwable e) {
      closeAfter(e, resources);
      throw e;
    }
  }

  private static RootTag rekey(OpenedVolume old, VolumeOptions newOptions) throws IOException {
    MetadataLog log = old.log();
    var predecessor = new HeaderFields.Predecessor(log.head().generation(), log.head().tag());
    var created = new NewLog[1];
    Rewriter rewriter =
        Rewriter.begin(
            old.environment(),
            old.location(),
            file -> {
              created[0] =
                  newLog(old.environment(), newOptions, file, log.header().volumeId(), predecessor);
              return created[0].log();
            });
    MetadataKeys keys = created[0].keys();
    try (rewriter;
        HostLock lock = rewriter.lock()) {
      var newKeys = new FileKeys(old.environment().crypto(), keys == null ? null : keys.fileKeys());
      rewriter.copy(
          log.tree(),
          log.head().fields(),
          (key, value) -> Records.rewrapped(key, value, old.services().keys(), newKeys));
      rewriter.install();
      old.guard().publish(rewriter.log().head());
      RootTag tag = rewriter.log().head().tag();
      rewriter.log().close();
      return tag;
    } finally {
      if (keys != null) {
        keys.close();
      }
    }
  }

  static boolean exists(HostDirectory directory, VolumePath path) throws IOException {
    try {
      directory.attributes(path);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void closeAfter(Throwable cause, List<Closeable> resources) {
    try {
      new Resources(resources).close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
