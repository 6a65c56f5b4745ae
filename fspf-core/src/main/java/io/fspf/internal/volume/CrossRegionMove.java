package io.fspf.internal.volume;

import io.fspf.AttributeChange;
import io.fspf.DirectoryCursor;
import io.fspf.FileAttributes;
import io.fspf.Name;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Moves a tree into another region, where its content is protected anew: makes a copy there under a
 * name of its own, puts it in its place, then removes the source. While nobody commits, that is one
 * commit or none between protected regions.
 */
final class CrossRegionMove {
  private static final int BUFFER = 1 << 20;

  /** So many directories in each other are copied: the cost of each grows with its depth. */
  private static final int MAX_DEPTH = 256;

  private final LiveVolume volume;
  private final Moves moves;
  private final Name draft;

  /** With a name for what is in the making, unlike all others. */
  CrossRegionMove(LiveVolume volume, Moves moves, Name draft) {
    this.volume = volume;
    this.moves = moves;
    this.draft = draft;
  }

  /**
   * Moves. If it fails before all is copied, everything is as it was; if the source cannot be
   * removed after that, in whole or in part, it is there as well.
   *
   * @param from exists, and no region is embedded there or below
   */
  void move(VolumePath from, VolumePath to, boolean replace) throws IOException {
    boolean replaces = exists(to);
    if (replaces && (!replace || to.isRoot())) {
      throw new FileAlreadyExistsException(to.toString());
    }
    if (replaces && isFullDirectory(to)) {
      throw new DirectoryNotEmptyException(to.toString());
    }
    VolumePath copy = replaces ? to.parent().resolve(draft) : to;
    try {
      copy(from, copy);
      if (replaces) {
        moves.replaceByDraft(copy, to);
      }
    } catch (Throwable e) {
      removeAfter(e, copy);
      throw e;
    }
    remove(from);
  }

  private boolean isFullDirectory(VolumePath path) throws IOException {
    return volume.attributes(path, LinkOption.NOFOLLOW_LINKS).isDirectory()
        && volume.list(path).next();
  }

  private void removeAfter(Throwable cause, VolumePath partial) {
    try {
      if (exists(partial)) {
        remove(partial);
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private boolean exists(VolumePath path) throws IOException {
    try {
      volume.attributes(path, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void copy(VolumePath from, VolumePath to) throws IOException {
    FileAttributes attributes = volume.attributes(from, LinkOption.NOFOLLOW_LINKS);
    switch (attributes.type()) {
      case REGULAR -> copyContent(from, to);
      case DIRECTORY -> {
        if (from.names().size() > MAX_DEPTH) {
          throw new FileSystemException(
              from.toString(), to.toString(), "Too deep to be moved into another region");
        }
        volume.createDirectory(to, attributes.mode());
        for (Name name : names(from)) {
          copy(from.resolve(name), to.resolve(name));
        }
      }
      case SYMLINK -> volume.createSymbolicLink(to, volume.readSymbolicLink(from));
      case OTHER ->
          throw new FileSystemException(
              from.toString(), to.toString(), "A special file cannot be protected");
    }
    for (Map.Entry<Name, byte[]> attribute :
        volume.extendedAttributes(from, LinkOption.NOFOLLOW_LINKS).entrySet()) {
      volume.setExtendedAttribute(
          to, attribute.getKey(), attribute.getValue(), LinkOption.NOFOLLOW_LINKS);
    }
    volume.setAttributes(
        to,
        new AttributeChange(
            attributes.isSymbolicLink() ? OptionalInt.empty() : OptionalInt.of(attributes.mode()),
            OptionalInt.of(attributes.uid()),
            OptionalInt.of(attributes.gid()),
            Optional.of(attributes.modified()),
            Optional.of(attributes.accessed()),
            Optional.empty()),
        LinkOption.NOFOLLOW_LINKS);
  }

  private void copyContent(VolumePath from, VolumePath to) throws IOException {
    try (VolumeFile source = volume.open(from);
        VolumeFile target =
            volume.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      long position = 0;
      while (source.read(buffer.clear(), position) > 0) {
        position += target.write(buffer.flip(), position);
      }
    }
  }

  private void remove(VolumePath path) throws IOException {
    if (volume.attributes(path, LinkOption.NOFOLLOW_LINKS).isDirectory()) {
      for (Name name : names(path)) {
        remove(path.resolve(name));
      }
    }
    volume.delete(path);
  }

  private List<Name> names(VolumePath directory) throws IOException {
    var names = new ArrayList<Name>();
    DirectoryCursor cursor = volume.list(directory);
    while (cursor.next()) {
      names.add(cursor.entry().name());
    }
    return names;
  }
}
