package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.tree.Tree;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what authenticated regions show on the host with what was sealed: kinds, modes, targets
 * of links, on request owners and times, and what else lies there.
 *
 * <p>Thread-safe once all {@linkplain #addRegionHost directories of regions} are known.
 */
final class HostComparison {
  private final VolumeLocation location;
  private final Tree tree;
  private final boolean strict;
  private final Findings findings;
  private final Object homeKey;
  private final Set<Object> regionHosts = new HashSet<>();

  /**
   * For one volume.
   *
   * @param strict whether owners and times are compared as well
   */
  HostComparison(VolumeLocation location, Tree tree, boolean strict, Findings findings)
      throws IOException {
    this.location = location;
    this.tree = tree;
    this.strict = strict;
    this.findings = findings;
    this.homeKey = location.home().attributes(VolumePath.ROOT).fileKey();
  }

  /** What stands at a path on the host; null if nothing. */
  static @Nullable HostAttributes look(HostDirectory host, VolumePath path) throws IOException {
    try {
      return host.attributes(path);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    }
  }

  /** Compares what the host shows of a file with what was sealed. */
  boolean isAsSealed(MountedRegion region, VolumePath path, Inode inode) throws IOException {
    VolumePath below = path.relativize(region.path());
    HostDirectory host = region.hostDirectory();
    try {
      HostAttributes found = look(host, below);
      if (found == null) {
        findings.damaged(path, "it is missing on the host");
        return false;
      }
      if (found.kind() != kind(inode.getType())) {
        findings.damaged(
            path,
            "it is " + text(found.kind()) + " on the host, not " + text(kind(inode.getType())));
        return false;
      }
      boolean link = found.kind() == HostAttributes.Kind.SYMLINK;
      if (link && !Arrays.equals(host.readSymbolicLink(below), inode.getTarget().toByteArray())) {
        findings.damaged(path, "the link leads elsewhere on the host");
      }
      if (!link && found.mode() != inode.getMode()) {
        findings.damaged(
            path,
            String.format("its mode is %04o on the host, not %04o", found.mode(), inode.getMode()));
      }
      if (strict) {
        compareOwnerAndTime(path, found, inode);
      }
      return true;
    } catch (IOException e) {
      findings.damaged(path, "it cannot be looked at on the host: " + Findings.reason(e));
      return false;
    }
  }

  private void compareOwnerAndTime(VolumePath path, HostAttributes found, Inode inode) {
    if (found.uid() != inode.getUid() || found.gid() != inode.getGid()) {
      findings.damaged(
          path,
          "its owner is "
              + found.uid()
              + ":"
              + found.gid()
              + " on the host, not "
              + inode.getUid()
              + ":"
              + inode.getGid());
    }
    // Writing the fspf file has changed the time of its directory.
    boolean home = found.fileKey().equals(homeKey);
    Instant modified = Records.instant(inode.getModified());
    if (!home && !isTime(found, modified)) {
      findings.damaged(
          path, "it was modified at " + found.modified() + " on the host, not at " + modified);
    }
  }

  /** Before Java 18, copies of symbolic links could be given their times in microseconds only. */
  private static boolean isTime(HostAttributes found, Instant sealed) {
    return found.modified().equals(sealed)
        || (found.kind() == HostAttributes.Kind.SYMLINK
            && found.modified().equals(sealed.truncatedTo(ChronoUnit.MICROS)));
  }

  private static HostAttributes.Kind kind(FileType type) {
    return switch (type) {
      case FILE_TYPE_DIRECTORY -> HostAttributes.Kind.DIRECTORY;
      case FILE_TYPE_SYMLINK -> HostAttributes.Kind.SYMLINK;
      default -> HostAttributes.Kind.REGULAR;
    };
  }

  private static String text(HostAttributes.Kind kind) {
    return switch (kind) {
      case REGULAR -> "a regular file";
      case DIRECTORY -> "a directory";
      case SYMLINK -> "a symbolic link";
      case SPECIAL -> "a device, FIFO or socket";
    };
  }

  /**
   * Files that the volume does not know do not exist in it; whoever looks at the host may wonder.
   */
  void reportExtraFiles(
      MountedRegion region,
      VolumePath path,
      RegionTable.@Nullable Embedding embedding,
      long directory)
      throws IOException {
    HostDirectory host = region.hostDirectory();
    VolumePath below = path.relativize(region.path());
    HostAttributes attributes;
    List<Name> names;
    try {
      attributes = host.attributes(below);
      names = host.list(below);
    } catch (IOException e) {
      findings.damaged(path, "it cannot be listed on the host: " + Findings.reason(e));
      return;
    }
    boolean home = attributes.fileKey().equals(homeKey);
    for (Name name : names) {
      VolumePath child = below.resolve(name);
      boolean own =
          (home && VolumeBuilder.isOwnName(location, name))
              || VolumeBuilder.isStaging(child)
              || (embedding != null && embedding.child(name) != null);
      if (!own && !isKnown(directory, name) && !isRegionHost(host, child)) {
        findings.note(path.resolve(name) + " is on the host, but not in the volume");
      }
    }
  }

  private boolean isKnown(long directory, Name name) throws IOException {
    try {
      return tree.get(Keys.entry(directory, name)) != null;
    } catch (IntegrityException e) {
      // It may have been known: the lost node is reported.
      return true;
    }
  }

  void addRegionHost(@Nullable HostAttributes directory) {
    if (directory != null) {
      regionHosts.add(directory.fileKey());
    }
  }

  private boolean isRegionHost(HostDirectory host, VolumePath path) throws IOException {
    HostAttributes attributes = look(host, path);
    return attributes != null && regionHosts.contains(attributes.fileKey());
  }
}
