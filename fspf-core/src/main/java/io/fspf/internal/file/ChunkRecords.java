package io.fspf.internal.file;

import io.fspf.Integrity;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The chunk records of one file: the committed ones, and above them those that changed.
 *
 * <p>The group that came last from the tree, or changed last, is at hand; it and others are kept,
 * so that whoever goes through a file looks into the tree once in 64 chunks.
 *
 * <p>Guarded by the content's lock: changes need it alone, look-ups may share it.
 */
final class ChunkRecords {
  private static final int MAX_HELD = 1024;

  private final GroupSource committed;
  private final Integrity integrity;
  private final ConcurrentHashMap<Long, ChunkGroup> groups = new ConcurrentHashMap<>();
  private final TreeMap<Long, ChunkGroup> changed = new TreeMap<>();
  private volatile @Nullable ChunkGroup last;

  /** The groups that were handed over to a commit, and that the tree may not hold yet; or null. */
  private @Nullable Map<Long, ChunkGroup> handedOver;

  ChunkRecords(GroupSource committed, Integrity integrity) {
    this.committed = committed;
    this.integrity = integrity;
  }

  /** The group that a chunk belongs to. */
  ChunkGroup groupOf(long chunk) throws IOException {
    return group(chunk / ChunkGroup.CHUNKS);
  }

  /** A group, which may be empty. */
  ChunkGroup group(long index) throws IOException {
    ChunkGroup recent = last;
    if (recent != null && recent.firstChunk() == index * ChunkGroup.CHUNKS) {
      return recent;
    }
    ChunkGroup group = groups.get(index);
    if (group == null) {
      byte[] value = committed.group(index);
      group =
          value == null
              ? ChunkGroup.empty(index, integrity)
              : ChunkGroup.decode(value, index, integrity);
      // Bounded: what changed is kept apart, the rest can be read again.
      if (groups.size() >= MAX_HELD) {
        groups.keySet().removeIf(key -> !isNeeded(key));
      }
      groups.put(index, group);
      // Not with each look-up: readers that jump about would take the field from each other.
      last = group;
    }
    return group;
  }

  /** Whether the tree may not hold the group as it is now. */
  private boolean isNeeded(long group) {
    return changed.containsKey(group) || (handedOver != null && handedOver.containsKey(group));
  }

  /** The next group from {@code from} on that has or may have chunks, with all changes; or -1. */
  long next(long from) throws IOException {
    Long own = changed.ceilingKey(from);
    long there = committed.next(from);
    if (own == null) {
      return there;
    }
    return there < 0 ? own : Math.min(own, there);
  }

  /** The same without changes. */
  long nextCommitted(long from) throws IOException {
    return committed.next(from);
  }

  /** Puts a changed group in the place of what was there. */
  void put(ChunkGroup group) {
    long index = group.firstChunk() / ChunkGroup.CHUNKS;
    groups.put(index, group);
    changed.put(index, group);
    last = group;
  }

  /** All that changed, for a commit; until {@link #recorded} it is not looked for in the tree. */
  Map<Long, ChunkGroup> handOver() {
    Map<Long, ChunkGroup> all = new TreeMap<>(changed);
    handedOver = all;
    changed.clear();
    return all;
  }

  /** What was handed over stands in the tree. */
  void recorded() {
    handedOver = null;
  }

  /** No commit is to have what changed. */
  void forgetChanges() {
    changed.clear();
  }
}
