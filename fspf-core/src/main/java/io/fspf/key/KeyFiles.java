package io.fspf.key;

import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/** Key files: 64 hex digits and perhaps a newline, readable by their owner alone. */
public final class KeyFiles {
  /** 64 digits, and {@code \r\n}. */
  private static final int MAX_LENGTH = 2 * VolumeKey.LENGTH + 2;

  private static final String WHAT = "key file";

  private KeyFiles() {}

  /**
   * Makes a key file with a fresh key, mode 0600 where the file system has modes. It is on stable
   * storage when this returns, and never seen half-written.
   *
   * @return the key; the caller destroys it
   * @throws FileAlreadyExistsException if there is such a file; it stays as it is
   */
  public static VolumeKey create(Path file) throws IOException {
    VolumeKey key = VolumeKey.generate();
    try {
      write(file, key);
      return key;
    } catch (IOException | RuntimeException e) {
      key.close();
      throw e;
    }
  }

  /**
   * Reads a key file.
   *
   * @return the key; the caller destroys it
   * @throws VolumeKeyException if it does not exist, can be read or changed by others (group or
   *     other bits of its mode), or holds something else than 64 hex digits
   */
  public static VolumeKey read(Path file) throws IOException {
    byte[] content = PrivateFiles.read(file, WHAT, MAX_LENGTH);
    char[] hex = new char[withoutNewline(content)];
    try {
      for (int i = 0; i < hex.length; i++) {
        hex[i] = (char) (content[i] & 0xFF);
      }
      return VolumeKey.parse(CharBuffer.wrap(hex));
    } catch (IllegalArgumentException e) {
      throw new VolumeKeyException("The " + WHAT + " " + file + " holds no key: " + e.getMessage());
    } finally {
      Arrays.fill(content, (byte) 0);
      Arrays.fill(hex, '\0');
    }
  }

  private static int withoutNewline(byte[] content) {
    int length = content.length;
    if (length > 0 && content[length - 1] == '\n') {
      length--;
      if (length > 0 && content[length - 1] == '\r') {
        length--;
      }
    }
    return length;
  }

  private static void write(Path file, VolumeKey key) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new FileAlreadyExistsException(file.toString());
    }
    if (Files.exists(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path staged = Files.createTempFile(directory, ".fspf-key-", ".new", ownerOnly(directory));
    try {
      try (FileChannel channel = FileChannel.open(staged, StandardOpenOption.WRITE)) {
        key.writeHex(Channels.newOutputStream(channel));
        channel.force(true);
      }
      publish(staged, file);
    } finally {
      Files.deleteIfExists(staged);
    }
    sync(directory);
  }

  /** A link, unlike a rename, fails where the name is taken. */
  private static void publish(Path staged, Path file) throws IOException {
    try {
      Files.createLink(file, staged);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // A file system without hard links: next best is a move that does not replace.
      Files.move(staged, file);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path directory) {
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(
              Set.copyOf(PosixFilePermissions.fromString("rw-------")))
        }
        : new FileAttribute<?>[0];
  }

  private static void sync(Path directory) throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return; // Directories cannot be opened there.
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
