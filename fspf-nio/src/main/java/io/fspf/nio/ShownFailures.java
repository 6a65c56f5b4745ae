package io.fspf.nio;

import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import org.jspecify.annotations.Nullable;

/** Failures of a volume's files, told with the paths that the mounted tree has for them. */
final class ShownFailures {
  private ShownFailures() {}

  /** The same failure, naming the paths of the tree where it names those of the volume. */
  static FileSystemException shown(Mount mount, FileSystemException e) {
    String file = shown(mount, e.getFile());
    String other = shown(mount, e.getOtherFile());
    FileSystemException shown = ofKind(e, file, other, e.getReason());
    shown.initCause(e);
    return shown;
  }

  /** What is no path of the volume stays as it is. */
  private static @Nullable String shown(Mount mount, @Nullable String inVolume) {
    String inTree = inVolume == null ? null : mount.shown(inVolume);
    return inTree == null ? inVolume : inTree;
  }

  private static FileSystemException ofKind(
      FileSystemException kind,
      @Nullable String file,
      @Nullable String other,
      @Nullable String reason) {
    if (kind instanceof NoSuchFileException) {
      return new NoSuchFileException(file, other, reason);
    } else if (kind instanceof FileAlreadyExistsException) {
      return new FileAlreadyExistsException(file, other, reason);
    } else if (kind instanceof AccessDeniedException) {
      return new AccessDeniedException(file, other, reason);
    } else if (kind instanceof AtomicMoveNotSupportedException) {
      return new AtomicMoveNotSupportedException(file, other, reason);
    } else if (kind instanceof NotLinkException) {
      return new NotLinkException(file, other, reason);
    } else if (kind instanceof DirectoryNotEmptyException) {
      return new DirectoryNotEmptyException(file);
    } else if (kind instanceof NotDirectoryException) {
      return new NotDirectoryException(file);
    } else if (kind instanceof FileSystemLoopException) {
      return new FileSystemLoopException(file);
    } else {
      return new FileSystemException(file, other, reason);
    }
  }
}
