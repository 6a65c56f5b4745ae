package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import io.fspf.AttributeChange;
import io.fspf.FileType;
import io.fspf.Name;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The oracle: what a volume holds, as plain maps, and what each operation does to it.
 *
 * <p>An operation first finds out whether it may happen, and throws what the volume is to throw;
 * then it changes the maps. Contents are never changed in place, so copies of the model share them.
 * For one thread.
 */
final class VolumeModel {
  private static final int MAX_LINKS = 40;
  private static final Name DOT_DOT = Name.of("..");

  /** A file of any kind. */
  static final class Node {
    final FileType type;
    final Region region;
    int mode;
    int uid;
    int gid;
    int links;
    Instant modified;
    Instant accessed;
    Instant changed;
    Instant created;
    ByteString content = ByteString.EMPTY;
    byte[] target = {};
    TreeMap<Name, ByteString> extended = new TreeMap<>();
    TreeMap<Name, Node> children = new TreeMap<>();

    Node(FileType type, Region region, int mode, Instant now) {
      this.type = type;
      this.region = region;
      this.mode = mode;
      this.modified = now;
      this.accessed = now;
      this.changed = now;
      this.created = now;
    }

    boolean isDirectory() {
      return type == FileType.DIRECTORY;
    }

    boolean isHost() {
      return region.protection() == Protection.NOT_PROTECTED;
    }

    boolean isAuthenticated() {
      return region.protection() == Protection.AUTHENTICATED;
    }

    void touch(Instant now) {
      modified = now;
      changed = now;
    }

    long linkCount() {
      return isDirectory()
          ? 2 + children.values().stream().filter(Node::isDirectory).count()
          : links;
    }

    private Node copy(Map<Node, Node> copies) {
      Node known = copies.get(this);
      if (known != null) {
        return known;
      }
      var copy = new Node(type, region, mode, created);
      copies.put(this, copy);
      copy.uid = uid;
      copy.gid = gid;
      copy.links = links;
      copy.modified = modified;
      copy.accessed = accessed;
      copy.changed = changed;
      copy.content = content;
      copy.target = target;
      copy.extended = new TreeMap<>(extended);
      children.forEach((name, child) -> copy.children.put(name, child.copy(copies)));
      return copy;
    }
  }

  private final Node root;
  private final TreeMap<Name, Node> mounts = new TreeMap<>();

  /** Whether a file without a name is still open. */
  private boolean orphans;

  private VolumeModel(Node root) {
    this.root = root;
  }

  /** A volume with these regions, one of the root and the others right below it, all empty. */
  VolumeModel(List<Region> regions, Instant now) {
    this(
        new Node(
            FileType.DIRECTORY,
            regions.stream().filter(r -> r.path().isRoot()).findFirst().orElseThrow(),
            0755,
            now));
    for (Region region : regions) {
      if (!region.path().isRoot()) {
        mounts.put(region.path().name(), new Node(FileType.DIRECTORY, region, 0755, now));
      }
    }
  }

  VolumeModel copy() {
    var copies = new IdentityHashMap<Node, Node>();
    var copy = new VolumeModel(root.copy(copies));
    mounts.forEach((name, node) -> copy.mounts.put(name, node.copy(copies)));
    copy.orphans = orphans;
    return copy;
  }

  /** Whether a file without a name is still open. */
  void setOrphans(boolean present) {
    orphans = present;
  }

  boolean hasOrphans() {
    return orphans;
  }

  Node root() {
    return root;
  }

  /** The root directories of the regions below the root. */
  SortedMap<Name, Node> mounts() {
    return mounts;
  }

  /** The entries of a directory as they are listed. */
  SortedMap<Name, Node> entries(Node directory) {
    if (directory != root) {
      return directory.children;
    }
    var all = new TreeMap<Name, Node>(directory.children);
    all.putAll(mounts);
    return all;
  }

  private @Nullable Node child(Node directory, Name name) {
    Node mount = directory == root ? mounts.get(name) : null;
    return mount != null ? mount : directory.children.get(name);
  }

  private boolean isMount(Node node) {
    return node == root || mounts.containsValue(node);
  }

  // ------------------------------------------------------------------------------------- walking

  /** A way from the root to a file; the directories on it, then the file. */
  private final class Walk {
    private final VolumePath asked;
    private final ArrayList<Node> trail = new ArrayList<>();
    private int links;

    Walk(VolumePath asked) {
      this.asked = asked;
      trail.add(root);
    }

    Node here() {
      return trail.get(trail.size() - 1);
    }

    /** False where all but the last name exist; then the trail ends with its directory. */
    boolean go(List<Name> names, boolean follow) throws IOException {
      for (int i = 0; i < names.size(); i++) {
        Name name = names.get(i);
        boolean last = i == names.size() - 1;
        if (!here().isDirectory()) {
          throw new NotDirectoryException(asked.toString());
        }
        if (name.equals(DOT_DOT)) {
          if (trail.size() > 1) {
            trail.remove(trail.size() - 1);
          }
          continue;
        }
        Node next = child(here(), name);
        boolean found = next != null;
        if (next != null && next.type == FileType.SYMLINK && (follow || !last)) {
          if (++links > MAX_LINKS) {
            throw new FileSystemLoopException(asked.toString());
          }
          if (next.target[0] == '/') {
            trail.subList(1, trail.size()).clear();
          }
          found = go(VolumePath.ofBytes(next.target).names(), true);
        } else if (next != null) {
          trail.add(next);
        }
        if (!found) {
          if (last) {
            return false;
          }
          throw new NoSuchFileException(asked.toString());
        }
      }
      return true;
    }
  }

  /** The file at a path; null where all but its last name exist. */
  private @Nullable Node tryResolve(VolumePath path, boolean follow) throws IOException {
    var walk = new Walk(path);
    return walk.go(path.names(), follow) ? walk.here() : null;
  }

  /** The file at a path. */
  Node resolve(VolumePath path, boolean follow) throws IOException {
    Node found = tryResolve(path, follow);
    if (found == null) {
      throw new NoSuchFileException(path.toString());
    }
    return found;
  }

  private record Place(List<Node> trail, Node directory, Name name, @Nullable Node present) {}

  private Place place(VolumePath path) throws IOException {
    if (path.isRoot()) {
      throw new FileAlreadyExistsException("/");
    }
    var walk = new Walk(path);
    if (!walk.go(path.parent().names(), true)) {
      throw new NoSuchFileException(path.toString());
    }
    if (!walk.here().isDirectory()) {
      throw new NotDirectoryException(path.toString());
    }
    return new Place(walk.trail, walk.here(), path.name(), child(walk.here(), path.name()));
  }

  private Place freePlace(VolumePath path) throws IOException {
    Place place = place(path);
    if (place.present() != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    return place;
  }

  private static Node add(Place place, FileType type, int mode, Instant now) {
    var node = new Node(type, place.directory().region, mode & 07777, now);
    node.uid = place.directory().isHost() ? 0 : place.directory().uid;
    node.gid = place.directory().isHost() ? 0 : place.directory().gid;
    node.links = 1;
    place.directory().children.put(place.name(), node);
    place.directory().touch(now);
    return node;
  }

  // ---------------------------------------------------------------------------------- operations

  /** Opens a regular file for writing as well, or only for reading. */
  Node open(
      VolumePath path,
      boolean write,
      boolean create,
      boolean createNew,
      boolean truncate,
      Instant now)
      throws IOException {
    Node found = write ? tryResolve(path, !createNew) : resolve(path, true);
    boolean isNew = found == null;
    if (found != null && write && createNew) {
      throw new FileAlreadyExistsException(path.toString());
    }
    if (found == null) {
      if (!create && !createNew) {
        throw new NoSuchFileException(path.toString());
      }
      found =
          add(freePlace(createNew ? path : creationPath(path)), FileType.REGULAR, 0666 & ~022, now);
    }
    if (found.type != FileType.REGULAR) {
      throw new FileSystemException(path.toString());
    }
    if (write && truncate && !isNew && !found.content.isEmpty()) {
      found.content = ByteString.EMPTY;
      found.touch(now);
    }
    return found;
  }

  private VolumePath creationPath(VolumePath path) throws IOException {
    VolumePath at = path;
    for (int links = 0; links <= MAX_LINKS; links++) {
      Node found = at.isRoot() ? null : tryResolve(at, false);
      if (found == null || found.type != FileType.SYMLINK) {
        return at;
      }
      VolumePath names = VolumePath.ofBytes(found.target);
      at = found.target[0] == '/' ? names : realPath(at.parent()).resolve(names);
    }
    throw new FileSystemLoopException(path.toString());
  }

  private VolumePath realPath(VolumePath directory) throws IOException {
    var walk = new Walk(directory);
    walk.go(directory.names(), true);
    var names = new ArrayList<Name>();
    for (int i = 1; i < walk.trail.size(); i++) {
      Node parent = walk.trail.get(i - 1);
      Node child = walk.trail.get(i);
      names.add(
          entries(parent).entrySet().stream()
              .filter(e -> e.getValue() == child)
              .findFirst()
              .orElseThrow()
              .getKey());
    }
    return VolumePath.of(names);
  }

  static void write(Node file, byte[] bytes, long position, Instant now) {
    int end = Math.max(file.content.size(), (int) position + bytes.length);
    byte[] content = Arrays.copyOf(file.content.toByteArray(), end);
    System.arraycopy(bytes, 0, content, (int) position, bytes.length);
    file.content = ByteString.copyFrom(content);
    file.touch(now);
  }

  static void setSize(Node file, int size, Instant now) {
    if (file.content.size() == size) {
      return;
    }
    file.content = ByteString.copyFrom(Arrays.copyOf(file.content.toByteArray(), size));
    file.touch(now);
  }

  void createDirectory(VolumePath path, int mode, Instant now) throws IOException {
    add(freePlace(path), FileType.DIRECTORY, mode, now);
  }

  void createSymbolicLink(VolumePath path, byte[] target, Instant now) throws IOException {
    add(freePlace(path), FileType.SYMLINK, 0777, now).target = target;
  }

  void createLink(VolumePath link, VolumePath existing, Instant now) throws IOException {
    Node source = resolve(existing, false);
    Place place = freePlace(link);
    if (source.isDirectory() || !source.region.equals(place.directory().region)) {
      throw new FileSystemException(link.toString());
    }
    source.links++;
    source.changed = now;
    place.directory().children.put(place.name(), source);
    place.directory().touch(now);
  }

  void delete(VolumePath path, Instant now) throws IOException {
    Place place = place(path);
    if (place.present() == null) {
      throw new NoSuchFileException(path.toString());
    }
    requireFree(place.present(), path);
    remove(place, place.present(), path, now);
  }

  private void requireFree(Node node, VolumePath path) throws IOException {
    if (isMount(node)) {
      throw new FileSystemException(path.toString());
    }
  }

  private static void remove(Place place, Node present, VolumePath path, Instant now)
      throws IOException {
    if (!present.children.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    place.directory().children.remove(place.name());
    place.directory().touch(now);
    present.links--;
    present.changed = now;
  }

  /** The region of the directory that holds the path's last name. */
  Region regionAt(VolumePath path) throws IOException {
    var walk = new Walk(path);
    if (!walk.go(path.parent().names(), true)) {
      throw new NoSuchFileException(path.toString());
    }
    return walk.here().region;
  }

  void move(VolumePath from, VolumePath to, boolean replace, boolean atomic, Instant now)
      throws IOException {
    Region source = regionAt(from);
    Region target = regionAt(to);
    boolean replacing = replace || atomic;
    if (source.equals(target)) {
      moveWithin(from, to, replacing, now);
    } else if (atomic) {
      throw new AtomicMoveNotSupportedException(from.toString(), to.toString(), "");
    } else {
      moveBetween(from, to, replacing, now);
    }
  }

  private void moveWithin(VolumePath from, VolumePath to, boolean replace, Instant now)
      throws IOException {
    Place source = place(from);
    Node moved = source.present();
    if (moved == null) {
      throw new NoSuchFileException(from.toString());
    }
    Place target = place(to);
    Node present = target.present();
    requireFree(moved, from);
    if (present == moved) {
      return;
    }
    if (present != null) {
      if (!replace) {
        throw new FileAlreadyExistsException(to.toString());
      }
      requireFree(present, to);
    }
    if (target.trail().contains(moved)) {
      throw new FileSystemException(from.toString());
    }
    if (present != null) {
      remove(target, present, to, now);
    }
    source.directory().children.remove(source.name());
    source.directory().touch(now);
    target.directory().children.put(target.name(), moved);
    target.directory().touch(now);
    moved.changed = now;
  }

  private void moveBetween(VolumePath from, VolumePath to, boolean replace, Instant now)
      throws IOException {
    Place source = place(from);
    Node moved = source.present();
    if (moved == null) {
      throw new NoSuchFileException(from.toString());
    }
    requireFree(moved, from);
    Place target = place(to);
    Node present = target.present();
    if (present != null) {
      if (!replace) {
        throw new FileAlreadyExistsException(to.toString());
      }
      requireFree(present, to);
      remove(target, present, to, now);
    }
    target
        .directory()
        .children
        .put(target.name(), transplanted(moved, target.directory().region, now));
    target.directory().touch(now);
    source.directory().children.remove(source.name());
    source.directory().touch(now);
    unlinkAll(moved, now);
  }

  private static Node transplanted(Node old, Region region, Instant now) {
    int mode = old.type == FileType.SYMLINK ? 0777 : old.mode;
    var node = new Node(old.type, region, mode, now);
    node.links = 1;
    node.uid = old.uid;
    node.gid = old.gid;
    node.modified = old.modified;
    node.accessed = old.accessed;
    node.content = old.content;
    node.target = old.target;
    node.extended = new TreeMap<>(old.extended);
    old.children.forEach(
        (name, child) -> node.children.put(name, transplanted(child, region, now)));
    return node;
  }

  private static void unlinkAll(Node node, Instant now) {
    node.links--;
    node.changed = now;
    node.children.values().forEach(child -> unlinkAll(child, now));
  }

  void setAttributes(VolumePath path, AttributeChange change, boolean follow, Instant now)
      throws IOException {
    Node node = resolve(path, follow);
    change.mode().ifPresent(mode -> node.mode = mode & 07777);
    change.uid().ifPresent(uid -> node.uid = uid);
    change.gid().ifPresent(gid -> node.gid = gid);
    change.modified().ifPresent(time -> node.modified = time);
    change.accessed().ifPresent(time -> node.accessed = time);
    change.created().ifPresent(time -> node.created = time);
    node.changed = now;
  }

  void setExtendedAttribute(
      VolumePath path, Name name, byte @Nullable [] value, boolean follow, Instant now)
      throws IOException {
    Node node = resolve(path, follow);
    if (value == null) {
      node.extended.remove(name);
    } else {
      node.extended.put(name, ByteString.copyFrom(value));
    }
    node.changed = now;
  }

  // -------------------------------------------------------------------------------------- counts

  /** Regular files, directories, symbolic links and bytes of the protected regions. */
  record Counts(long files, long directories, long symlinks, long bytes) {}

  Counts counts() {
    Set<Node> seen = new HashSet<>();
    collect(root, seen);
    mounts.values().forEach(mount -> collect(mount, seen));
    return new Counts(
        seen.stream().filter(node -> node.type == FileType.REGULAR).count(),
        seen.stream().filter(node -> node.type == FileType.DIRECTORY).count(),
        seen.stream().filter(node -> node.type == FileType.SYMLINK).count(),
        seen.stream().mapToLong(node -> node.content.size()).sum());
  }

  private static void collect(Node node, Set<Node> into) {
    if (!node.isHost() && into.add(node)) {
      node.children.values().forEach(child -> collect(child, into));
    }
  }
}
