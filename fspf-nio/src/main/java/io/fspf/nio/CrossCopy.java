package io.fspf.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Map;
import java.util.Objects;

/**
 * One file taken between the host and a volume of the mounted tree, as the platform takes it from
 * disk to disk: with its permissions, links as links, and nothing left of what fails. (What the JDK
 * does between two providers is less.)
 */
final class CrossCopy {
  private static final int COPY_BUFFER = 1 << 20;

  private final Path from;
  private final Path to;
  private final CopySettings settings;

  private CrossCopy(Path from, Path to, CopySettings settings) {
    this.from = from;
    this.to = to;
    this.settings = settings;
  }

  /** Copies a file of any kind, a directory without its entries. */
  static void copy(Path from, Path to, CopySettings settings) throws IOException {
    new CrossCopy(from, to, settings).run();
  }

  /** Copies all of a file, then removes it. */
  static void move(Path from, Path to, CopySettings settings) throws IOException {
    if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      try (var entries = Files.newDirectoryStream(from)) {
        if (entries.iterator().hasNext()) {
          throw new DirectoryNotEmptyException(from.toString());
        }
      }
    }
    copy(from, to, new CopySettings(settings.replace(), true, false, false, false));
    removingOnFailure(to, () -> Files.delete(from));
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void removingOnFailure(Path made, Step step) throws IOException {
    try {
      step.run();
    } catch (Throwable e) {
      try {
        Files.deleteIfExists(made);
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  private LinkOption[] links() {
    return FileSystemView.links(settings.follow());
  }

  private void run() throws IOException {
    PosixFileAttributes given = Files.readAttributes(from, PosixFileAttributes.class, links());
    if (given.isRegularFile()) {
      try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ)) {
        makeRoom();
        var options = java.util.Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try (FileChannel out =
            FileChannel.open(
                to, options, PosixFilePermissions.asFileAttribute(given.permissions()))) {
          removingOnFailure(to, () -> transfer(in, out));
        }
      }
    } else if (given.isDirectory()) {
      makeRoom();
      Files.createDirectory(to, PosixFilePermissions.asFileAttribute(given.permissions()));
    } else if (given.isSymbolicLink()) {
      Path held = Files.readSymbolicLink(from);
      makeRoom();
      Files.createSymbolicLink(to, held);
    } else {
      throw new FileSystemException(from.toString(), to.toString(), "A special file is not copied");
    }
    if (settings.attributes()) {
      removingOnFailure(to, () -> copyAttributes(given));
    }
  }

  private void makeRoom() throws IOException {
    if (settings.replace()) {
      Files.deleteIfExists(to);
    } else if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(to.toString());
    }
  }

  private void transfer(FileChannel in, FileChannel out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BUFFER, Math.max(1, in.size())));
    while (in.read(buffer.clear()) > 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      if (settings.interruptible() && Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
    }
  }

  private void copyAttributes(PosixFileAttributes given) throws IOException {
    if (!given.isSymbolicLink()) {
      copyUserAttributes();
    }
    // Owners are objects of one provider; their numbers are not.
    Map<String, Object> owners = Files.readAttributes(from, "unix:uid,gid", links());
    for (var owner : owners.entrySet()) {
      try {
        Files.setAttribute(
            to, "unix:" + owner.getKey(), owner.getValue(), LinkOption.NOFOLLOW_LINKS);
      } catch (IOException e) {
        // Only root gives files away; the platform's copies go on as well.
      }
    }
    if (!given.isSymbolicLink()) {
      Files.setAttribute(to, "unix:mode", Files.getAttribute(from, "unix:mode", links()));
    }
    FileTime modified = given.lastModifiedTime();
    view(to, BasicFileAttributeView.class).setTimes(modified, given.lastAccessTime(), null);
  }

  private static <V extends java.nio.file.attribute.FileAttributeView> V view(
      Path path, Class<V> type) {
    return Objects.requireNonNull(
        Files.getFileAttributeView(path, type, LinkOption.NOFOLLOW_LINKS));
  }

  private void copyUserAttributes() throws IOException {
    var source =
        Objects.requireNonNull(
            Files.getFileAttributeView(from, UserDefinedFileAttributeView.class, links()));
    var target = view(to, UserDefinedFileAttributeView.class);
    for (String name : source.list()) {
      ByteBuffer value = ByteBuffer.allocate(source.size(name));
      source.read(name, value);
      target.write(name, value.flip());
    }
  }
}
