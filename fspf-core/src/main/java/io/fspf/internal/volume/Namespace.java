package io.fspf.internal.volume;

import io.fspf.DirectoryCursor;
import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.VolumePath;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.tree.Cursor;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From paths to files: walks a path over directories, symbolic links and embed points, and lists
 * directories.
 *
 * <p>Made for one operation, so that all that it reads is of one moment. Thread-safe; reads only.
 */
final class Namespace {
  /** As Linux has it (path_resolution(7)). */
  private static final int MAX_LINKS = 40;

  private static final Name DOT_DOT = Name.of("..");

  /** The highest bit tells the host's inode numbers from the volume's. */
  private static final long HOST_INODE = Long.MIN_VALUE;

  private final InodeSource inodes;
  private final RegionTable regions;

  Namespace(InodeSource inodes, RegionTable regions) {
    this.inodes = inodes;
    this.regions = regions;
  }

  RegionTable regions() {
    return regions;
  }

  /**
   * The file that a path leads to.
   *
   * @param follow whether a symbolic link at the end is followed
   */
  Position resolve(VolumePath path, boolean follow) throws IOException {
    Position found = find(path, follow).file();
    if (found == null) {
      throw new NoSuchFileException(path.toString());
    }
    return found;
  }

  /**
   * Where a path leads: exactly one of the two is there.
   *
   * @param file that stands there
   * @param free the name that a file gets that is made by this path, where all but the last exist
   */
  record Found(@Nullable Position file, @Nullable Place free) {}

  /**
   * Where a path leads.
   *
   * @param follow whether a symbolic link at the end is followed, be it to a free name
   */
  Found find(VolumePath path, boolean follow) throws IOException {
    return new Walk(path).find(path.names(), follow);
  }

  /** Whether both see the volume as it was at one moment. */
  boolean isOfSameMoment(Namespace other) {
    return inodes.tree() == other.inodes.tree() && regions == other.regions;
  }

  /** A link may hold anything, also what can name no file. */
  private static VolumePath names(byte[] target, VolumePath asked) throws FileSystemException {
    try {
      return VolumePath.ofBytes(target);
    } catch (IllegalArgumentException e) {
      var refusal =
          new FileSystemException(
              asked.toString(), null, "A symbolic link leads to a name that no file can have");
      refusal.initCause(e);
      throw refusal;
    }
  }

  /** The root of the volume. */
  Position root() throws IOException {
    return enter(null, null, regions.root());
  }

  /** One resolution: it counts the symbolic links that it follows. */
  private final class Walk {
    private final VolumePath asked;
    private int links;
    private @Nullable Place free;

    Walk(VolumePath asked) {
      this.asked = asked;
    }

    Found find(List<Name> names, boolean follow) throws IOException {
      Position file = to(root(), names, follow);
      return new Found(file, file == null ? free : null);
    }

    private @Nullable Position to(Position from, List<Name> names, boolean follow)
        throws IOException {
      Position at = from;
      for (int i = 0; i < names.size(); i++) {
        Name name = names.get(i);
        boolean last = i == names.size() - 1;
        if (at.type() != FileType.DIRECTORY) {
          throw new NotDirectoryException(asked.toString());
        }
        Position next = name.equals(DOT_DOT) ? at.parent() : child(at, name);
        if (next != null && next.type() == FileType.SYMLINK && (follow || !last)) {
          next = followed(at, next);
        }
        if (next == null) {
          if (last) {
            free = free == null ? new Place(at, name, null) : free;
            return null;
          }
          throw new NoSuchFileException(asked.toString());
        }
        at = next;
      }
      return at;
    }

    private @Nullable Position followed(Position directory, Position link) throws IOException {
      if (++links > MAX_LINKS) {
        throw new FileSystemLoopException(asked.toString());
      }
      byte[] target = target(link);
      List<Name> names = names(target, asked).names();
      return to(target.length > 0 && target[0] == '/' ? root() : directory, names, true);
    }
  }

  /** The entry of that name in a directory, or null. */
  @Nullable Position child(Position directory, Name name) throws IOException {
    RegionTable.Embedding outer = directory.embedding();
    RegionTable.Embedding embedding = outer == null ? null : outer.child(name);
    if (embedding != null) {
      return enter(directory, name, embedding);
    }
    return below(directory, name, null);
  }

  /** The directory at a path that is an embed point or leads to one. */
  private Position enter(
      @Nullable Position parent, @Nullable Name name, RegionTable.Embedding embedding)
      throws IOException {
    MountedRegion region = embedding.region();
    if (region != null && region.isProtected()) {
      Inode root = inodes.inode(region.rootInode());
      if (root == null) {
        throw new IntegrityException(
            region.path().toString(), -1, "the region's root directory is missing");
      }
      return new Position(parent, name, region, embedding, region.rootInode(), root, null);
    }
    if (region != null) {
      HostAttributes attributes = attributes(region.hostDirectory(), VolumePath.ROOT);
      return new Position(parent, name, region, embedding, 0, null, attributes);
    }
    Position found = parent == null || name == null ? null : below(parent, name, embedding);
    return found != null ? found : new Position(parent, name, null, embedding, 0, null, null);
  }

  private static @Nullable HostAttributes attributes(HostDirectory directory, VolumePath path)
      throws IOException {
    try {
      return directory.attributes(path);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** The entry of that name in the directory's own region. */
  private @Nullable Position below(
      Position directory, Name name, RegionTable.@Nullable Embedding embedding) throws IOException {
    if (directory.isProtected()) {
      byte[] value = inodes.tree().get(Keys.entry(directory.inodeNumber(), name));
      if (value == null) {
        return null;
      }
      long number = Records.entry(value).getInode();
      Inode inode = inodes.inode(number);
      if (inode == null) {
        throw new IntegrityException(
            directory.path().resolve(name).toString(), -1, "the inode of the name is missing");
      }
      // Whoever goes down from here comes to an end: no directory holds itself.
      if (inode.getType() == io.fspf.internal.format.FileType.FILE_TYPE_DIRECTORY
          && inode.getParent() != directory.inodeNumber()) {
        throw new IntegrityException(
            directory.path().resolve(name).toString(),
            -1,
            "the directory says that it stands in another one");
      }
      return new Position(directory, name, directory.region(), embedding, number, inode, null);
    }
    if (directory.isHost()) {
      HostAttributes attributes =
          attributes(directory.region().hostDirectory(), directory.pathInRegion().resolve(name));
      return attributes == null
          ? null
          : new Position(directory, name, directory.region(), embedding, 0, null, attributes);
    }
    return null;
  }

  /**
   * The region of the directory that holds a path's last name.
   *
   * @throws ReadOnlyFileSystemException if the directory only leads to an embed point
   */
  Region regionAt(VolumePath path) throws IOException {
    Position directory = resolve(path.parent(), true);
    if (!directory.isProtected() && !directory.isHost()) {
      throw new ReadOnlyFileSystemException();
    }
    return directory.region().region();
  }

  /** A symbolic link's target. */
  byte[] target(Position link) throws IOException {
    if (link.type() != FileType.SYMLINK) {
      throw new NotLinkException(link.path().toString());
    }
    return link.isProtected()
        ? link.inode().getTarget().toByteArray()
        : link.region().hostDirectory().readSymbolicLink(link.pathInRegion());
  }

  FileAttributes attributes(Position at) throws IOException {
    if (at.isProtected()) {
      return Records.attributes(at.inodeNumber(), at.inode());
    }
    if (at.isHost()) {
      HostAttributes host = at.host();
      return new FileAttributes(
          Position.type(host.kind()),
          HOST_INODE | host.fileKey().hashCode(),
          host.size(),
          host.mode(),
          host.uid(),
          host.gid(),
          host.links(),
          host.modified(),
          host.accessed(),
          host.changed(),
          host.created());
    }
    return new FileAttributes(
        FileType.DIRECTORY,
        0,
        0,
        0555,
        0,
        0,
        2,
        Instant.EPOCH,
        Instant.EPOCH,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  SortedMap<Name, byte[]> extendedAttributes(Position at) throws IOException {
    if (at.isHost()) {
      return at.region().hostDirectory().extendedAttributes(at.pathInRegion());
    }
    var found = new TreeMap<Name, byte[]>();
    if (at.isProtected()) {
      Cursor cursor = inodes.tree().cursor(Keys.prefix(at.inodeNumber(), Keys.XATTR));
      while (cursor.next() && Keys.matches(cursor.key(), at.inodeNumber(), Keys.XATTR)) {
        found.put(Keys.name(cursor.key()), cursor.value());
      }
    }
    return found;
  }

  DirectoryCursor list(Position directory) throws IOException {
    if (directory.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(directory.path().toString());
    }
    RegionTable.Embedding embedding = directory.embedding();
    SortedMap<Name, RegionTable.Embedding> embedded =
        embedding == null ? Collections.emptySortedMap() : embedding.children();
    if (directory.isProtected()) {
      return new EntryCursor(
          inodes.tree().cursor(Keys.prefix(directory.inodeNumber(), Keys.ENTRY)),
          directory.inodeNumber(),
          embedded);
    }
    var entries = new TreeMap<Name, FileType>();
    if (directory.isHost()) {
      HostDirectory host = directory.region().hostDirectory();
      VolumePath path = directory.pathInRegion();
      for (Name name : host.list(path)) {
        HostAttributes attributes = attributes(host, path.resolve(name));
        if (attributes != null) {
          entries.put(name, Position.type(attributes.kind()));
        }
      }
    }
    embedded.keySet().forEach(name -> entries.put(name, FileType.DIRECTORY));
    return new FixedCursor(entries);
  }
}
