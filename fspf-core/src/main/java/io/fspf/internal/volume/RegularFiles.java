package io.fspf.internal.volume;

import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Opens host files that hold content. */
final class RegularFiles {
  private RegularFiles() {}

  /**
   * Opens one.
   *
   * @throws NoSuchFileException also if something else than a regular file stands there, or in the
   *     place of a directory on the way
   */
  static HostFile open(HostDirectory host, VolumePath path, HostDirectory.Mode mode)
      throws IOException {
    try {
      return host.open(path, mode);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (FileSystemException e) {
      if (isRegular(host, path)) {
        // Either it was something else a moment ago, or the reason is another one and still there.
        return host.open(path, mode);
      }
      var missing = new NoSuchFileException(path.toString());
      missing.initCause(e);
      throw missing;
    }
  }

  private static boolean isRegular(HostDirectory host, VolumePath path) throws IOException {
    try {
      return host.attributes(path).kind() == HostAttributes.Kind.REGULAR;
    } catch (AccessDeniedException e) {
      throw e;
    } catch (FileSystemException e) {
      return false;
    }
  }
}
