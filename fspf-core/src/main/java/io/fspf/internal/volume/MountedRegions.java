package io.fspf.internal.volume;

import com.google.common.collect.ImmutableList;
import io.fspf.Region;
import io.fspf.internal.host.HostDirectory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/**
 * The regions of an open volume: those of its head, and those that were added since.
 *
 * <p>Thread-safe: readers take the table of the moment without a lock; whoever adds a region holds
 * the namespace lock.
 */
final class MountedRegions implements HostJournal.RegionTableSource {
  private final VolumeLocation location;
  private volatile RegionTable table;

  MountedRegions(VolumeLocation location, RegionTable table) {
    this.location = location;
    this.table = table;
  }

  @Override
  public RegionTable regions() {
    return table;
  }

  /**
   * Adds a region under the lowest number above all others.
   *
   * @throws FileAlreadyExistsException if there is one at its path
   */
  void add(Region region, Creations creations) throws IOException {
    ImmutableList<MountedRegion> before = ImmutableList.copyOf(table.regions());
    if (before.stream().anyMatch(other -> other.path().equals(region.path()))) {
      throw new FileAlreadyExistsException(region.path().toString(), null, "Is a region already");
    }
    int id = 1 + before.stream().mapToInt(MountedRegion::id).max().orElse(0);
    HostDirectory host =
        region.hostDirectory().isPresent()
            ? location.regionDirectory(region.hostDirectory().get())
            : null;
    MountedRegion added = creations.addRegion(id, region, host);
    table =
        new RegionTable(ImmutableList.<MountedRegion>builder().addAll(before).add(added).build());
  }
}
