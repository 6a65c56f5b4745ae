package io.fspf.nio;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Whether files are there, of any file system. Unlike {@link Files#exists}, which says "no" also
 * when something went wrong, it fails where the answer is not known.
 */
final class Presence {
  private Presence() {}

  static boolean exists(Path path) throws IOException {
    return attributes(path) != null;
  }

  static boolean isDirectory(Path path) throws IOException {
    BasicFileAttributes attributes = attributes(path);
    return attributes != null && attributes.isDirectory();
  }

  /** The content of a regular file; null if there is none. */
  static byte @Nullable [] readIfPresent(Path path) throws IOException {
    BasicFileAttributes attributes = attributes(path);
    return attributes != null && attributes.isRegularFile() ? Files.readAllBytes(path) : null;
  }

  private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    } catch (FileSystemException e) {
      // The default file system has no type of its own for a file in the place of a directory.
      if ("Not a directory".equals(e.getReason())) {
        return null;
      }
      throw e;
    }
  }
}
