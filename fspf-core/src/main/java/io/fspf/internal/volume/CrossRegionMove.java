package io.fspf.internal.volume;

import io.fspf.AttributeChange;
import io.fspf.DirectoryCursor;
import io.fspf.FileAttributes;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * Moves a tree into another region, where its content is protected anew: makes it there, then
 * removes it here. Between protected regions that is one commit or none, if nobody else commits
 * meanwhile.
 */
final class CrossRegionMove {
  private static final int BUFFER = 1 << 20;

  private final Volume volume;

  CrossRegionMove(Volume volume) {
    this.volume = volume;
  }

  /**
   * Moves. If it fails, the source is as it was, and what it was to replace may be gone.
   *
   * @param from exists, and no region is embedded there or below
   */
  void move(VolumePath from, VolumePath to, boolean replace) throws IOException {
    if (exists(to)) {
      if (!replace) {
        throw new FileAlreadyExistsException(to.toString());
      }
      volume.delete(to);
    }
    try {
      copy(from, to);
    } catch (Throwable e) {
      removeAfter(e, to);
      throw e;
    }
    remove(from);
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
