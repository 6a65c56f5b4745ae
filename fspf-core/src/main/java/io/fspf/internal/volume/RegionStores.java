package io.fspf.internal.volume;

import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentStore;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostDirectory;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The host's side of the contents of all regions of a volume. Thread-safe. */
final class RegionStores {
  /** Hears which objects the commit to come no longer refers to. */
  interface DiscardListener {
    void discarded(int region, FileIdentity identity);
  }

  private final HostJournal journal;
  private final boolean writable;
  private final DiscardListener discards;
  private final Map<Integer, ObjectStore> objects = new ConcurrentHashMap<>();
  private final Set<HostDirectory> stagings = ConcurrentHashMap.newKeySet();
  private final Map<SnapshotView, Long> snapshots = new ConcurrentHashMap<>();

  RegionStores(HostJournal journal, boolean writable, DiscardListener discards) {
    this.journal = journal;
    this.writable = writable;
    this.discards = discards;
  }

  /** Where one file's content stands. */
  ContentStore storeOf(MountedRegion region, @Nullable VolumePath pathInRegion) throws IOException {
    if (region.isAuthenticated()) {
      if (pathInRegion == null) {
        throw new IllegalStateException("An authenticated file stands under its name");
      }
      return new PlainStore(
          region,
          journal,
          pathInRegion,
          stagings::add,
          staged -> discards.discarded(region.id(), staged));
    }
    return objectsOf(region);
  }

  private ObjectStore objectsOf(MountedRegion region) throws IOException {
    ObjectStore store = objects.get(region.id());
    if (store == null) {
      HostDirectory host = region.hostDirectory();
      store =
          objects.computeIfAbsent(
              region.id(),
              id -> new ObjectStore(host, writable, object -> discards.discarded(id, object)));
    }
    return store;
  }

  /** Makes durable the names of the objects and staged files made so far. */
  void sync() throws IOException {
    for (ObjectStore store : objects.values()) {
      store.syncNames();
    }
    for (HostDirectory host : List.copyOf(stagings)) {
      stagings.remove(host);
      host.syncDirectory(VolumePath.ROOT);
      host.syncDirectory(VolumePath.ROOT.resolve(HostJournal.STAGING));
    }
  }

  /**
   * The commit to come refers to a staged copy of an authenticated file: it gets the file's name,
   * and the file's other names lead there as well.
   */
  void publish(OpenInode inode, FileIdentity identity, Inode record, InodeNames names)
      throws IOException {
    if (record.getLinks() == 0 || !(inode.store() instanceof PlainStore store)) {
      return;
    }
    MountedRegion region = inode.region();
    VolumePath staged = PlainStore.staged(identity);
    HostDirectory host = region.hostDirectory();
    host.setMode(staged, record.getMode());
    host.setTimes(staged, Records.instant(record.getModified()), null);
    List<VolumePath> all = List.of(store.path());
    if (record.getLinks() > 1 || !names.leadsTo(region, store.path(), inode.number())) {
      all = names.namesOf(region, inode.number());
      store.setPath(all.get(0));
    }
    journal.publish(region, staged, all.get(0));
    for (VolumePath other : all.subList(1, all.size())) {
      journal.makeLink(region, all.get(0), other);
    }
  }

  /** Deletes an object, or a staged copy, that no state refers to any more. */
  void delete(MountedRegion region, FileIdentity identity) throws IOException {
    if (region.isAuthenticated()) {
      try {
        region.hostDirectory().delete(PlainStore.staged(identity));
      } catch (NoSuchFileException e) {
        // Deleted before a crash.
      }
    } else {
      objectsOf(region).delete(identity);
    }
  }

  /** A reader of the state of this epoch has come. */
  void addSnapshot(SnapshotView reader, long epoch) {
    snapshots.put(reader, epoch);
  }

  /** It has gone. */
  void removeSnapshot(SnapshotView reader) {
    snapshots.remove(reader);
  }

  /** The volume is being closed, and no snapshot outlives it. */
  void closeSnapshots() {
    snapshots.keySet().forEach(SnapshotView::markClosed);
    snapshots.clear();
  }

  /**
   * Up to which epoch nobody needs any more what was let go, given that of the last durable commit.
   */
  long oldestSnapshot(long durableEpoch) {
    return snapshots.values().stream().mapToLong(Long::longValue).min().stream()
        .map(oldest -> Math.min(oldest, durableEpoch))
        .findFirst()
        .orElse(durableEpoch);
  }

  /**
   * Removes the directories in which files were staged, with what crashes have left there. Only
   * when no commit waits to be carried out.
   */
  void removeStagings(RegionTable regions) throws IOException {
    for (MountedRegion region : regions.regions()) {
      if (region.isAuthenticated()) {
        HostDirectory host = region.hostDirectory();
        VolumePath staging = VolumePath.ROOT.resolve(HostJournal.STAGING);
        try {
          for (Name staged : host.list(staging)) {
            host.delete(staging.resolve(staged));
          }
          host.delete(staging);
        } catch (NoSuchFileException e) {
          // Nothing was staged.
        }
      }
    }
  }
}
