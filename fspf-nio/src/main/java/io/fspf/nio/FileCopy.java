package io.fspf.nio;

import io.fspf.AttributeChange;
import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One file copied, with {@link CopySettings}, within a volume or from one into another; by its
 * content and attributes, as programs see them.
 */
final class FileCopy {
  private static final int COPY_BUFFER = 1 << 20;

  private final FileSystemView source;
  private final VolumePath from;
  private final FileSystemView target;
  private final VolumePath to;
  private final CopySettings settings;

  FileCopy(
      FileSystemView source,
      VolumePath from,
      FileSystemView target,
      VolumePath to,
      CopySettings settings) {
    this.source = source;
    this.from = from;
    this.target = target;
    this.to = to;
    this.settings = settings;
  }

  /** Makes it. */
  void run() throws IOException {
    FspfFileAttributes given = source.attributes(from, settings.follow());
    FspfFileAttributes present = target.attributesIfPresent(to);
    if (present != null) {
      if (present.key().equals(given.key())) {
        return;
      }
      if (!settings.replace()) {
        throw new FileAlreadyExistsException(to.toString());
      }
      target.delete(to);
    }
    make(given);
    if (settings.attributes()) {
      try {
        copyAttributes(given.attributes());
      } catch (Throwable e) {
        target.delete(to);
        throw e;
      }
    }
  }

  private void make(FspfFileAttributes given) throws IOException {
    int mode = given.attributes().mode() & 0777;
    switch (given.attributes().type()) {
      case DIRECTORY -> target.createDirectoryOfMode(to, mode);
      case SYMLINK -> target.createSymbolicLink(to, source.readSymbolicLink(from));
      case REGULAR -> copyContent(mode);
      case OTHER ->
          throw new FileSystemException(
              from.toString(), to.toString(), "A special file is not copied");
    }
  }

  private void copyContent(int mode) throws IOException {
    source.fileSystem().keptOpen(() -> target.fileSystem().keptOpen(() -> copyOpened(mode)));
    target.notices().created(to);
  }

  private void copyOpened(int mode) throws IOException {
    try (VolumeFile in = source.openToRead(from)) {
      VolumeFile out = target.openNew(to, mode);
      try (out) {
        transfer(in, out);
      } catch (Throwable e) {
        target.fileSystem().run(() -> target.fileSystem().volume().delete(to));
        throw e;
      }
    }
  }

  private void transfer(VolumeFile in, VolumeFile out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BUFFER, Math.max(1, in.size())));
    long position = 0;
    while (in.read(buffer.clear(), position) > 0) {
      if (settings.interruptible() && Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
      position += out.write(buffer.flip(), position);
    }
  }

  private void copyAttributes(FileAttributes given) throws IOException {
    for (var entry : source.extendedAttributes(from, settings.follow()).entrySet()) {
      target.setExtendedAttribute(to, entry.getKey(), entry.getValue(), false);
    }
    target.setAttributes(
        to,
        new AttributeChange(
            given.type() == FileType.SYMLINK ? OptionalInt.empty() : OptionalInt.of(given.mode()),
            OptionalInt.of(given.uid()),
            OptionalInt.of(given.gid()),
            Optional.of(given.modified()),
            Optional.of(given.accessed()),
            Optional.empty()),
        false);
  }
}
