package io.fspf.internal.volume;

import com.google.common.collect.ImmutableList;
import io.fspf.Name;
import io.fspf.VolumePath;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which region a path belongs to: the longest prefix, by whole components. Immutable and
 * thread-safe.
 */
final class RegionTable {
  private final Embedding root = new Embedding();
  private final ImmutableList<MountedRegion> regions;

  RegionTable(Collection<MountedRegion> regions) {
    this.regions =
        regions.stream()
            .sorted(java.util.Comparator.comparing(MountedRegion::path))
            .collect(ImmutableList.toImmutableList());
    for (MountedRegion region : regions) {
      Embedding at = root;
      for (Name name : region.path().names()) {
        at = at.children.computeIfAbsent(name, ignored -> new Embedding());
      }
      at.region = region;
    }
  }

  /** One path that is an embed point or leads to one. */
  static final class Embedding {
    private final TreeMap<Name, Embedding> children = new TreeMap<>();
    private @Nullable MountedRegion region;

    @Nullable Embedding child(Name name) {
      return children.get(name);
    }

    SortedMap<Name, Embedding> children() {
      return children;
    }

    /** The region embedded right here. */
    @Nullable MountedRegion region() {
      return region;
    }
  }

  Embedding root() {
    return root;
  }

  /** All regions, outer before inner. */
  List<MountedRegion> regions() {
    return regions;
  }

  @Nullable MountedRegion byId(int id) {
    return regions.stream().filter(region -> region.id() == id).findFirst().orElse(null);
  }

  /** The innermost region that covers the path, by its text. */
  Optional<MountedRegion> covering(VolumePath path) {
    Embedding at = root;
    MountedRegion found = at.region;
    for (Name name : path.normalize().names()) {
      at = at.children.get(name);
      if (at == null) {
        break;
      }
      if (at.region != null) {
        found = at.region;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Whether the path is an embed point or leads to one. */
  boolean isPinned(VolumePath path) {
    Embedding at = root;
    for (Name name : path.names()) {
      at = at.children.get(name);
      if (at == null) {
        return false;
      }
    }
    return true;
  }
}
