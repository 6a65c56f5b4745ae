package io.fspf.internal.volume;

import io.fspf.FreshnessException;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.format.KeySlot;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.HostLock;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.VolumeHeader;
import io.fspf.key.KeyRequest;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings together what an open volume stands on: the lock, the keys, the log at its head. */
final class VolumeOpening {
  private VolumeOpening() {}

  /**
   * Opens a volume; at the file that was to replace it, if that had become known when a crash kept
   * it from getting its name. A writer makes up for that.
   */
  static OpenedVolume open(
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
      new Resources(own).closeAfter(e);
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
      new Resources(own).closeAfter(e);
      throw e;
    }
  }

  private static Optional<VolumePath> publishedSuccessor(
      VolumeLocation location, VolumeOptions options) throws IOException {
    VolumeHeader header;
    try (HostFile file = location.open(HostDirectory.Mode.READ)) {
      header = MetadataLog.readHeader(file);
    }
    Optional<RootTag> remembered =
        new FreshnessGuard(options.freshness(), header.volumeName()).remembered();
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
    HostFile file = location.open(writable ? HostDirectory.Mode.WRITE : HostDirectory.Mode.READ);
    resources.add(file);
    VolumeHeader header = MetadataLog.readHeader(file);
    var guard = new FreshnessGuard(options.freshness(), header.volumeName());
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
    MetadataLog log = guard.open(file, header, keys, environment.treeOptions(options));
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
        environment.services(options, keys),
        guard,
        lock,
        keys);
  }

  /** The keys of a volume with a key; null for one without. */
  private static @Nullable MetadataKeys unlock(
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

  private static RegionTable regionsOf(Tree tree, VolumeLocation location) throws IOException {
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
}
