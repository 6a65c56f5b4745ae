package io.fspf.internal.host;

import com.google.common.collect.ImmutableSortedMap;
import io.fspf.Name;
import io.fspf.internal.host.HostAttributes.Kind;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file of any kind on a {@link SimulatedDisk}. */
final class SimulatedInode {
  final long id;
  Kind kind;

  /** A regular file's. */
  SimulatedContent content = new SimulatedContent();

  /** A symbolic link's. */
  byte[] target = new byte[0];

  /** A directory's names as they are seen now. */
  TreeMap<Name, SimulatedInode> entries = new TreeMap<>();

  /** A directory's names as they are safe on the disk, before the pending changes of the disk. */
  TreeMap<Name, SimulatedInode> durableEntries = new TreeMap<>();

  /** How many names lead here now. */
  int links;

  /** How many open files show it. */
  int opens;

  Attributes attributes;

  /**
   * What is safe of the attributes. Nothing but a directory's sync changes it: {@link
   * HostFile#sync} is no more than fdatasync.
   */
  Attributes durableAttributes;

  /** All that is neither content nor name. */
  record Attributes(
      int mode,
      int uid,
      int gid,
      Instant modified,
      Instant accessed,
      Instant changed,
      Instant created,
      ImmutableSortedMap<Name, byte[]> extended) {

    static Attributes fresh(int mode, Instant now) {
      return new Attributes(mode, 0, 0, now, now, now, now, ImmutableSortedMap.of());
    }

    Attributes withMode(int newMode, Instant now) {
      return new Attributes(newMode, uid, gid, modified, accessed, now, created, extended);
    }

    Attributes withOwner(int newUid, int newGid, Instant now) {
      return new Attributes(mode, newUid, newGid, modified, accessed, now, created, extended);
    }

    Attributes withTimes(
        @Nullable Instant newModified, @Nullable Instant newAccessed, Instant now) {
      return new Attributes(
          mode,
          uid,
          gid,
          newModified == null ? modified : newModified,
          newAccessed == null ? accessed : newAccessed,
          now,
          created,
          extended);
    }

    Attributes withExtended(ImmutableSortedMap<Name, byte[]> newExtended, Instant now) {
      return new Attributes(mode, uid, gid, modified, accessed, now, created, newExtended);
    }
  }

  SimulatedInode(long id, Kind kind, Attributes attributes) {
    this.id = id;
    this.kind = kind;
    this.attributes = attributes;
    durableAttributes = attributes;
  }

  boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }

  long size() {
    return switch (kind) {
      case REGULAR -> content.size();
      case SYMLINK -> target.length;
      case DIRECTORY -> 4096;
      case SPECIAL -> 0;
    };
  }

  HostAttributes describe() {
    long names = links;
    if (isDirectory()) {
      names = 2 + entries.values().stream().filter(SimulatedInode::isDirectory).count();
    }
    return new HostAttributes(
        kind,
        size(),
        attributes.mode,
        attributes.uid,
        attributes.gid,
        names,
        attributes.modified,
        attributes.accessed,
        attributes.changed,
        attributes.created,
        id);
  }

  void modified(Instant now) {
    attributes = attributes.withTimes(now, null, now);
  }

  /** The copy of this inode and of all that it leads to; {@code copies} holds those made so far. */
  SimulatedInode copy(Map<SimulatedInode, SimulatedInode> copies) {
    SimulatedInode known = copies.get(this);
    if (known != null) {
      return known;
    }
    var copy = new SimulatedInode(id, kind, attributes);
    copies.put(this, copy);
    copy.durableAttributes = durableAttributes;
    copy.links = links;
    copy.content = content.copy();
    copy.target = target;
    entries.forEach((name, inode) -> copy.entries.put(name, inode.copy(copies)));
    durableEntries.forEach((name, inode) -> copy.durableEntries.put(name, inode.copy(copies)));
    return copy;
  }
}
