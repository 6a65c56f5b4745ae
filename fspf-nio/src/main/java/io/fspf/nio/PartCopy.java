package io.fspf.nio;

import io.fspf.AttributeChange;
import io.fspf.DirectoryCursor;
import io.fspf.FileAttributes;
import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Takes files from one part of a composite volume into another. */
final class PartCopy {
  private static final int COPY_BUFFER = 1 << 20;
  private static final LinkOption[] NOFOLLOW = {LinkOption.NOFOLLOW_LINKS};

  private PartCopy() {}

  /** Copies a file of any kind, and all below it; of what fails nothing is left. */
  static void copy(Volume source, VolumePath from, Volume target, VolumePath to)
      throws IOException {
    FileAttributes attributes = source.attributes(from, NOFOLLOW);
    switch (attributes.type()) {
      case REGULAR -> {
        try (VolumeFile in = source.open(from);
            VolumeFile out =
                target.open(
                    to,
                    attributes.mode(),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE_NEW)) {
          fill(target, to, () -> copyContent(in, out));
        }
      }
      case DIRECTORY -> {
        target.createDirectory(to, attributes.mode());
        fill(target, to, () -> copyEntries(source, from, target, to));
      }
      case SYMLINK -> target.createSymbolicLink(to, source.readSymbolicLink(from));
      case OTHER ->
          throw new FileSystemException(
              from.toString(), to.toString(), "A special file cannot be protected");
    }
    fill(target, to, () -> copyAttributes(source, from, attributes, target, to));
  }

  private interface Filling {
    void run() throws IOException;
  }

  /** Fills a file that has just been made, or removes it. */
  private static void fill(Volume target, VolumePath made, Filling filling) throws IOException {
    try {
      filling.run();
    } catch (Throwable e) {
      try {
        remove(target, made);
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  private static void copyContent(VolumeFile in, VolumeFile out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BUFFER);
    long position = 0;
    while (in.read(buffer.clear(), position) > 0) {
      position += out.write(buffer.flip(), position);
    }
  }

  private static void copyEntries(Volume source, VolumePath from, Volume target, VolumePath to)
      throws IOException {
    for (Name name : names(source, from)) {
      copy(source, from.resolve(name), target, to.resolve(name));
    }
  }

  private static void copyAttributes(
      Volume source, VolumePath from, FileAttributes attributes, Volume target, VolumePath to)
      throws IOException {
    for (var attribute : source.extendedAttributes(from, NOFOLLOW).entrySet()) {
      target.setExtendedAttribute(to, attribute.getKey(), attribute.getValue(), NOFOLLOW);
    }
    target.setAttributes(
        to,
        new AttributeChange(
            OptionalInt.empty(),
            OptionalInt.of(attributes.uid()),
            OptionalInt.of(attributes.gid()),
            Optional.of(attributes.modified()),
            Optional.of(attributes.accessed()),
            Optional.empty()),
        NOFOLLOW);
  }

  /** Removes a file of any kind, and all below it. */
  static void remove(Volume volume, VolumePath path) throws IOException {
    if (volume.attributes(path, NOFOLLOW).isDirectory()) {
      for (Name name : names(volume, path)) {
        remove(volume, path.resolve(name));
      }
    }
    volume.delete(path);
  }

  private static List<Name> names(Volume volume, VolumePath directory) throws IOException {
    var names = new ArrayList<Name>();
    DirectoryCursor cursor = volume.list(directory);
    while (cursor.next()) {
      names.add(cursor.entry().name());
    }
    return names;
  }
}
