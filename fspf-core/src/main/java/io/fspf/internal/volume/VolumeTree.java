package io.fspf.internal.volume;

import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.util.Iterator;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The protected files of an open volume as a tree of nodes, for walks over all of it: each step is
 * one look-up, however deep it is. Files of regions that are not protected do not show.
 *
 * <p>Thread-safe.
 */
public final class VolumeTree {
  private static final Name DOT = Name.of(".");
  private static final Name DOT_DOT = Name.of("..");

  private final LiveVolume volume;

  private VolumeTree(LiveVolume volume) {
    this.volume = volume;
  }

  /** The tree of a volume that was opened. */
  public static VolumeTree of(Volume volume) {
    return new VolumeTree((LiveVolume) volume);
  }

  /** The file at a path; a symbolic link at its end is not followed. */
  public Node at(VolumePath path) throws IOException {
    Position position = volume.reading(path, names -> names.resolve(path, false));
    if (position.isProtected() && position.isRegionRoot() && position.inode().getParent() != 0) {
      throw new IntegrityException(path.toString(), -1, "a region's root stands in a directory");
    }
    return new Node(position, path);
  }

  /** One file. */
  public final class Node {
    private final Position position;
    private final VolumePath path;

    private Node(Position position, VolumePath path) {
      this.position = position;
      this.path = path;
    }

    /** Its path in the volume. */
    public VolumePath path() {
      return path;
    }

    /** Whether it is a file of a protected region, and no directory that only leads to one. */
    public boolean isProtected() {
      return position.isProtected();
    }

    /** Its attributes. */
    public FileAttributes attributes() throws IOException {
      return volume.reading(path, names -> names.attributes(position));
    }

    /** A symbolic link's target. */
    public byte[] target() throws IOException {
      return volume.reading(path, names -> names.target(position));
    }

    /** Its extended attributes. */
    public SortedMap<Name, byte[]> extendedAttributes() throws IOException {
      return volume.reading(path, names -> names.extendedAttributes(position));
    }

    /** Opens a regular file for reading. */
    public VolumeFile open() throws IOException {
      try {
        return volume.openExisting(path, position, OpenFlags.of());
      } catch (IntegrityException e) {
        throw AbstractView.located(path, e);
      }
    }

    /** The entries of a directory. */
    public Children children() throws IOException {
      return new Children(this);
    }
  }

  /** Goes through a directory's entries in the order of their names. For one thread. */
  public final class Children {
    private final Node directory;
    private final io.fspf.@Nullable DirectoryCursor cursor;
    private final Iterator<Name> embedded;

    private Children(Node directory) throws IOException {
      this.directory = directory;
      Position at = directory.position;
      boolean listed = at.isProtected();
      this.cursor = listed ? volume.reading(directory.path, names -> names.list(at)) : null;
      RegionTable.Embedding embedding = at.embedding();
      this.embedded =
          (listed || embedding == null
                  ? java.util.Collections.<Name>emptySet()
                  : embedding.children().keySet())
              .iterator();
    }

    /** The next entry, or null behind the last. */
    public @Nullable Node next() throws IOException {
      while (true) {
        Name name = nextName();
        if (name == null) {
          return null;
        }
        VolumePath path = directory.path.resolve(name);
        if (name.equals(DOT) || name.equals(DOT_DOT)) {
          throw new IntegrityException(path.toString(), -1, "no legal name for a file");
        }
        Position child = child(name, path);
        if (child.isProtected() || leadsOn(child)) {
          checkParent(child, path);
          return new Node(child, path);
        }
      }
    }

    private Position child(Name name, VolumePath path) throws IOException {
      try {
        Position child = volume.namespace().child(directory.position, name);
        if (child == null) {
          throw new IntegrityException(path.toString(), -1, "the name leads nowhere");
        }
        return child;
      } catch (IntegrityException e) {
        throw AbstractView.located(path, e);
      }
    }

    private @Nullable Name nextName() throws IOException {
      if (cursor == null) {
        return embedded.hasNext() ? embedded.next() : null;
      }
      return volume.reading(directory.path, names -> cursor.next()) ? cursor.entry().name() : null;
    }

    /** A directory hangs in one place only, or a walk might never end. */
    private void checkParent(Position child, VolumePath path) throws IOException {
      if (child.isProtected()
          && child.type() == FileType.DIRECTORY
          && child.inode().getParent()
              != (child.isRegionRoot() ? 0 : directory.position.inodeNumber())) {
        throw new IntegrityException(
            path.toString(), -1, "the directory says that it stands in another one");
      }
    }
  }

  private static boolean leadsOn(Position position) {
    RegionTable.Embedding embedding = position.embedding();
    return embedding != null && !embedding.children().isEmpty();
  }
}
