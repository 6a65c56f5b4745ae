package io.fspf.internal.host;

import io.fspf.Name;
import io.fspf.internal.host.HostAttributes.Kind;
import io.fspf.internal.host.SimulatedInode.Attributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A tree of inodes, and which changes of its names are not durable yet.
 *
 * <p>A change of names (create, rename, link, delete) is atomic: all of it survives a crash or
 * nothing. It becomes durable when one of its directories is synced, together with the earlier
 * changes of the same names; syncing a file does not make its name durable. After a crash either a
 * prefix of the other changes is there, as a journal would have it, or any subset in which no
 * change lacks what it stands on.
 */
final class SimulatedDisk {
  private static final Instant EPOCH = Instant.parse("2024-01-01T00:00:00Z");

  private SimulatedInode root;
  private long nextId = 1;
  private long ticks;
  private List<Change> pending = new ArrayList<>();

  /** One name that a change sets or removes. */
  record Entry(
      SimulatedInode directory,
      Name name,
      @Nullable SimulatedInode before,
      @Nullable SimulatedInode after) {}

  private static final class Change {
    final List<Entry> entries;
    boolean durable;
    boolean doubtful;

    Change(List<Entry> entries) {
      this.entries = entries;
    }

    boolean touches(SimulatedInode directory) {
      return entries.stream().anyMatch(e -> e.directory() == directory);
    }
  }

  /** A name in a directory, for sets. */
  private record Key(long directory, Name name) {
    static Key of(Entry entry) {
      return new Key(entry.directory().id, entry.name());
    }
  }

  SimulatedDisk() {
    root = inode(Kind.DIRECTORY, 0755);
  }

  private SimulatedDisk(SimulatedInode root, long nextId, long ticks) {
    this.root = root;
    this.nextId = nextId;
    this.ticks = ticks;
  }

  SimulatedInode root() {
    return root;
  }

  /** The time, a microsecond later each time. */
  Instant now() {
    return EPOCH.plusNanos(1000 * ticks++);
  }

  SimulatedInode inode(Kind kind, int mode) {
    return new SimulatedInode(nextId++, kind, Attributes.fresh(mode, now()));
  }

  /** Changes names now; they become durable when a directory is synced. */
  void change(List<Entry> entries) {
    pending.add(new Change(List.copyOf(entries)));
    apply(entries);
  }

  /** Changes a name now and for good, as an adversary does. */
  void changeDurably(SimulatedInode directory, Name name, @Nullable SimulatedInode after) {
    var entry = new Entry(directory, name, directory.entries.get(name), after);
    apply(List.of(entry));
    put(directory.durableEntries, entry);
  }

  private void apply(List<Entry> entries) {
    Instant now = now();
    for (Entry entry : entries) {
      SimulatedInode after = entry.after();
      SimulatedInode before =
          after == null
              ? entry.directory().entries.remove(entry.name())
              : entry.directory().entries.put(entry.name(), after);
      if (before != null) {
        before.links--;
      }
      if (after != null) {
        after.links++;
      }
      entry.directory().modified(now);
    }
  }

  /** Makes all names durable as they are. */
  void settle() {
    pending.clear();
    settle(root);
  }

  private static void settle(SimulatedInode directory) {
    directory.durableEntries = new TreeMap<>(directory.entries);
    directory.entries.values().stream()
        .filter(SimulatedInode::isDirectory)
        .forEach(SimulatedDisk::settle);
  }

  /** The names in the directory become durable. */
  void syncDirectory(SimulatedInode directory) {
    directory.durableAttributes = directory.attributes;
    for (Change change : pending) {
      if (!change.doubtful && change.touches(directory)) {
        change.durable = true;
      }
    }
    markNeeded();
    fold();
  }

  void failSyncDirectory(SimulatedInode directory) {
    for (Change change : pending) {
      change.doubtful |= change.touches(directory);
    }
  }

  /**
   * A durable change takes along the earlier ones of its names, and the emptying of a directory
   * that it removes.
   */
  private void markNeeded() {
    Set<Key> keys = new HashSet<>();
    Set<SimulatedInode> removed = new HashSet<>();
    for (int i = pending.size() - 1; i >= 0; i--) {
      Change change = pending.get(i);
      change.durable |=
          change.entries.stream()
              .anyMatch(e -> keys.contains(Key.of(e)) || removed.contains(e.directory()));
      if (change.durable) {
        for (Entry entry : change.entries) {
          keys.add(Key.of(entry));
          SimulatedInode before = entry.before();
          boolean moved = change.entries.stream().anyMatch(e -> e.after() == before);
          if (before != null && before.isDirectory() && !moved) {
            removed.add(before);
          }
        }
      }
    }
  }

  /**
   * Moves durable changes into the durable names, except those that must wait for an earlier change
   * that is not durable.
   */
  private void fold() {
    Set<Key> waiting = new HashSet<>();
    List<Change> kept = new ArrayList<>();
    for (Change change : pending) {
      if (change.durable && change.entries.stream().noneMatch(e -> waiting.contains(Key.of(e)))) {
        for (Entry entry : change.entries) {
          put(entry.directory().durableEntries, entry);
        }
      } else {
        change.entries.forEach(e -> waiting.add(Key.of(e)));
        kept.add(change);
      }
    }
    pending = kept;
  }

  private static void put(Map<Name, SimulatedInode> names, Entry entry) {
    SimulatedInode after = entry.after();
    if (after == null) {
      names.remove(entry.name());
    } else {
      names.put(entry.name(), after);
    }
  }

  SimulatedDisk copy() {
    Map<SimulatedInode, SimulatedInode> copies = new HashMap<>();
    var copy = new SimulatedDisk(root.copy(copies), nextId, ticks);
    for (Change change : pending) {
      var entries = new ArrayList<Entry>();
      for (Entry e : change.entries) {
        entries.add(
            new Entry(
                e.directory().copy(copies),
                e.name(),
                copy(e.before(), copies),
                copy(e.after(), copies)));
      }
      var copied = new Change(entries);
      copied.durable = change.durable;
      copied.doubtful = change.doubtful;
      copy.pending.add(copied);
    }
    return copy;
  }

  private static @Nullable SimulatedInode copy(
      @Nullable SimulatedInode inode, Map<SimulatedInode, SimulatedInode> copies) {
    return inode == null ? null : inode.copy(copies);
  }

  /** One state that the disk may be in after a crash. */
  SimulatedDisk afterCrash(Fate fate) {
    Map<SimulatedInode, SortedMap<Name, SimulatedInode>> names = new HashMap<>();
    Fate namesFate = fate.next();
    int volatiles = (int) pending.stream().filter(c -> !c.durable).count();
    int prefix = namesFate.prefix(volatiles);
    int seen = 0;
    for (Change change : pending) {
      boolean survives;
      if (change.durable) {
        survives = true;
      } else {
        survives = prefix < 0 ? namesFate.version(1) == 1 : seen < prefix;
        seen++;
      }
      if (survives && isPossible(change, names)) {
        for (Entry entry : change.entries) {
          put(names(entry.directory(), names), entry);
        }
      }
    }
    return new SimulatedDisk(rebuild(root, names, new HashMap<>(), fate), nextId, ticks);
  }

  private static SortedMap<Name, SimulatedInode> names(
      SimulatedInode directory, Map<SimulatedInode, SortedMap<Name, SimulatedInode>> names) {
    return names.computeIfAbsent(directory, d -> new TreeMap<>(d.durableEntries));
  }

  /**
   * Whether the change finds the names as it found them, empties no directory, and makes no circle.
   */
  private static boolean isPossible(
      Change change, Map<SimulatedInode, SortedMap<Name, SimulatedInode>> names) {
    for (Entry entry : change.entries) {
      SimulatedInode before = entry.before();
      SimulatedInode after = entry.after();
      if (names(entry.directory(), names).get(entry.name()) != before) {
        return false;
      }
      boolean moved = change.entries.stream().anyMatch(e -> e.after() == before);
      if (before != null && before.isDirectory() && !moved && !names(before, names).isEmpty()) {
        return false;
      }
      if (after != null && after.isDirectory() && leadsTo(after, entry.directory(), names)) {
        return false;
      }
    }
    return true;
  }

  private static boolean leadsTo(
      SimulatedInode from,
      SimulatedInode to,
      Map<SimulatedInode, SortedMap<Name, SimulatedInode>> names) {
    return from == to
        || names(from, names).values().stream()
            .anyMatch(i -> i.isDirectory() && leadsTo(i, to, names));
  }

  private static SimulatedInode rebuild(
      SimulatedInode inode,
      Map<SimulatedInode, SortedMap<Name, SimulatedInode>> names,
      Map<SimulatedInode, SimulatedInode> built,
      Fate fate) {
    SimulatedInode known = built.get(inode);
    if (known != null) {
      return known;
    }
    Fate own = fate.next();
    Attributes attributes = own.version(1) == 1 ? inode.attributes : inode.durableAttributes;
    var result = new SimulatedInode(inode.id, inode.kind, attributes);
    built.put(inode, result);
    result.target = inode.target;
    result.content = inode.content.afterCrash(own);
    if (inode.isDirectory()) {
      for (Map.Entry<Name, SimulatedInode> entry : names(inode, names).entrySet()) {
        SimulatedInode child = rebuild(entry.getValue(), names, built, fate);
        child.links++;
        result.entries.put(entry.getKey(), child);
      }
      result.durableEntries = new TreeMap<>(result.entries);
    }
    return result;
  }

  /**
   * Puts the names and contents of another disk in place of this one's, at once durable. Inodes
   * that both have keep their object, so that open files show what was put back.
   *
   * @param live the inodes of this disk that may be open, by their number
   */
  void restore(SimulatedDisk other, Map<Long, SimulatedInode> live) {
    collect(root, live);
    Map<SimulatedInode, SimulatedInode> restored = new HashMap<>();
    root = restore(other.root, live, restored);
    nextId = Math.max(nextId, other.nextId);
    settle();
  }

  private static void collect(SimulatedInode inode, Map<Long, SimulatedInode> found) {
    found.put(inode.id, inode);
    inode.entries.values().forEach(child -> collect(child, found));
  }

  private static SimulatedInode restore(
      SimulatedInode from,
      Map<Long, SimulatedInode> live,
      Map<SimulatedInode, SimulatedInode> restored) {
    SimulatedInode known = restored.get(from);
    if (known != null) {
      return known;
    }
    SimulatedInode to =
        live.getOrDefault(from.id, new SimulatedInode(from.id, from.kind, from.attributes));
    restored.put(from, to);
    to.kind = from.kind;
    to.target = from.target;
    to.links = from.links;
    to.attributes = from.attributes;
    to.durableAttributes = from.attributes;
    to.content.replace(from.content);
    var entries = new TreeMap<Name, SimulatedInode>();
    from.entries.forEach((name, child) -> entries.put(name, restore(child, live, restored)));
    to.entries = entries;
    return to;
  }

  /** The sum of all sizes of regular files. */
  long used() {
    Map<Long, SimulatedInode> all = new TreeMap<>();
    collect(root, all);
    return all.values().stream()
        .filter(i -> i.kind == Kind.REGULAR)
        .mapToLong(SimulatedInode::size)
        .sum();
  }
}
