package io.fspf.nio;

import io.fspf.IntegrityException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Violations of a mounted volume, told with the paths that the mounted tree has for its files.
 * Thread-safe.
 */
final class ShownViolations {
  /** The tree's names of a volume's files. */
  interface Names {
    /** The tree's path for one of the volume; null if the tree has none. */
    @Nullable String shown(String inVolume);

    /** The tree's path of the mount. */
    String mountPoint();
  }

  /** Names the tree's path already: what encloses it leaves it as it is. */
  private static final class Shown extends IntegrityException {
    private static final long serialVersionUID = 1L;

    Shown(String path, long offset, String reason, IntegrityException cause) {
      super(path, offset, reason, cause);
    }
  }

  private final Names names;

  ShownViolations(Names names) {
    this.names = names;
  }

  /** Runs something of the volume. */
  <T extends @Nullable Object> T shown(FspfFileSystem.Use<T> something) throws IOException {
    try {
      return something.run();
    } catch (IntegrityException e) {
      throw inTree(e);
    }
  }

  /** As {@link #shown}, without a result. */
  void run(FspfFileSystem.Action something) throws IOException {
    try {
      something.run();
    } catch (IntegrityException e) {
      throw inTree(e);
    }
  }

  private IntegrityException inTree(IntegrityException e) {
    if (e instanceof Shown) {
      return e;
    }
    long offset = e.offset().orElse(-1);
    String path = e.path();
    String shown = path == null ? null : names.shown(path);
    if (shown != null) {
      return new Shown(shown, offset, e.reason(), e);
    }
    // Of the volume as a whole, or above what is mounted: the tree has no other name for it.
    return new Shown(names.mountPoint(), -1, "in the volume, " + e.getMessage(), e);
  }
}
