package io.fspf.key;

import io.fspf.VolumeKeyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Reads small files that hold secrets, and refuses those that others may read or write. */
final class PrivateFiles {
  private static final Set<PosixFilePermission> OTHERS =
      Set.copyOf(
          EnumSet.of(
              PosixFilePermission.GROUP_READ,
              PosixFilePermission.GROUP_WRITE,
              PosixFilePermission.OTHERS_READ,
              PosixFilePermission.OTHERS_WRITE));

  private PrivateFiles() {}

  /**
   * The content, which the caller wipes. Symbolic links are followed.
   *
   * @param what the file is, for messages
   * @param maxLength the most bytes that it may have
   * @throws VolumeKeyException if it does not exist, is not private or is too long
   */
  static byte[] read(Path file, String what, int maxLength) throws IOException {
    try {
      checkPrivate(file, what);
      byte[] buffer = new byte[maxLength + 1];
      try (InputStream in = Files.newInputStream(file)) {
        int length = in.readNBytes(buffer, 0, buffer.length);
        if (length > maxLength) {
          throw new VolumeKeyException(
              "The "
                  + what
                  + " "
                  + file
                  + " is too long: it has more than "
                  + maxLength
                  + " bytes");
        }
        return Arrays.copyOf(buffer, length);
      } finally {
        Arrays.fill(buffer, (byte) 0);
      }
    } catch (NoSuchFileException e) {
      throw new VolumeKeyException("The " + what + " " + file + " does not exist", e);
    }
  }

  private static void checkPrivate(Path file, String what) throws IOException {
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, PosixFileAttributes.class);
    } catch (UnsupportedOperationException e) {
      return; // The file system has no modes.
    }
    if (attributes.isDirectory()) {
      throw new VolumeKeyException("The " + what + " " + file + " is a directory");
    }
    Set<PosixFilePermission> open = EnumSet.noneOf(PosixFilePermission.class);
    open.addAll(attributes.permissions());
    open.retainAll(OTHERS);
    if (!open.isEmpty()) {
      throw new VolumeKeyException(
          "The " + what + " " + file + " can be read or changed by others; run chmod 600 on it");
    }
  }
}
