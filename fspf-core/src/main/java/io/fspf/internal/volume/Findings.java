package io.fspf.internal.volume;

import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/**
 * Tells the listener of a check what was found, in words that name the clear path. Thread-safe, as
 * the listener is.
 */
final class Findings {
  private final VolumeCheck.Listener listener;

  Findings(VolumeCheck.Listener listener) {
    this.listener = listener;
  }

  /** A file, or what is known of it, is not what was committed. */
  void damaged(VolumePath path, String reason) {
    listener.damaged(path.toString(), -1, reason);
  }

  /** A place in a file is not what was committed. */
  void damaged(VolumePath path, long offset, String reason) {
    listener.damaged(path.toString(), offset, reason);
  }

  /** Something is worth knowing. */
  void note(String text) {
    listener.note(text);
  }

  /** Why something could not be read, without the host's path. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    String said = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
    return said == null ? e.getClass().getSimpleName() : said;
  }
}
