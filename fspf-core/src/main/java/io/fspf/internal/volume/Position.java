package io.fspf.internal.volume;

import io.fspf.FileType;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostAttributes;
import java.util.ArrayList;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * A file that a path led to: where it stands, and what stands there. One of three kinds: of a
 * protected region (it has an inode), of a region that is passed through (it has the host's
 * attributes), or a directory that only leads to an embed point.
 *
 * <p>Immutable: a later change of the volume does not show in it.
 */
final class Position {
  private final @Nullable Position parent;
  private final @Nullable Name name;
  private final @Nullable MountedRegion region;
  private final RegionTable.@Nullable Embedding embedding;
  private final long inodeNumber;
  private final @Nullable Inode inode;
  private final @Nullable HostAttributes host;

  Position(
      @Nullable Position parent,
      @Nullable Name name,
      @Nullable MountedRegion region,
      RegionTable.@Nullable Embedding embedding,
      long inodeNumber,
      @Nullable Inode inode,
      @Nullable HostAttributes host) {
    this.parent = parent;
    this.name = name;
    this.region = region;
    this.embedding = embedding;
    this.inodeNumber = inodeNumber;
    this.inode = inode;
    this.host = host;
  }

  /** The directory above; the root's is the root. */
  Position parent() {
    return parent == null ? this : parent;
  }

  boolean isRoot() {
    return parent == null;
  }

  /** The path from the volume's root, without symbolic links. */
  VolumePath path() {
    var names = new ArrayList<Name>();
    for (Position at = this; at.parent != null && at.name != null; at = at.parent) {
      names.add(at.name);
    }
    Collections.reverse(names);
    return VolumePath.of(names);
  }

  /** The path below the region's root, which is the path below its host directory. */
  VolumePath pathInRegion() {
    return path().relativize(region().path());
  }

  /** Which embed points lie here and below; null if none. */
  RegionTable.@Nullable Embedding embedding() {
    return embedding;
  }

  /** Whether this is a file of a protected region. */
  boolean isProtected() {
    return inode != null;
  }

  /** Whether this is a file of the host, passed through. */
  boolean isHost() {
    return host != null;
  }

  /** Whether a region is embedded right here. */
  boolean isRegionRoot() {
    return embedding != null && embedding.region() != null;
  }

  MountedRegion region() {
    if (region == null) {
      throw new IllegalStateException("No region here");
    }
    return region;
  }

  long inodeNumber() {
    return inodeNumber;
  }

  Inode inode() {
    if (inode == null) {
      throw new IllegalStateException("Not in a protected region");
    }
    return inode;
  }

  HostAttributes host() {
    if (host == null) {
      throw new IllegalStateException("Not in a region that is passed through");
    }
    return host;
  }

  FileType type() throws IntegrityException {
    if (inode != null) {
      return Records.type(inode.getType());
    }
    return host == null ? FileType.DIRECTORY : type(host.kind());
  }

  static FileType type(HostAttributes.Kind kind) {
    return switch (kind) {
      case REGULAR -> FileType.REGULAR;
      case DIRECTORY -> FileType.DIRECTORY;
      case SYMLINK -> FileType.SYMLINK;
      case SPECIAL -> FileType.OTHER;
    };
  }
}
