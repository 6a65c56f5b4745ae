package io.fspf.internal.volume;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong in a commit once its state was fixed: since then memory and host may differ, and
 * the volume can only be read. Thread-safe.
 */
final class VolumeFailure {
  private volatile @Nullable Throwable cause;

  /** The volume cannot be changed any more, for this reason. */
  void is(Throwable reason) {
    cause = reason;
  }

  /** The reason; null if there is none. */
  @Nullable Throwable cause() {
    return cause;
  }

  /**
   * Refuses what needs a volume that can be changed.
   *
   * @throws IOException with the reason
   */
  void check() throws IOException {
    Throwable reason = cause;
    if (reason != null) {
      throw new IOException(
          "The volume can only be read since a commit failed; close it and open it again: "
              + reason.getMessage(),
          reason);
    }
  }
}
