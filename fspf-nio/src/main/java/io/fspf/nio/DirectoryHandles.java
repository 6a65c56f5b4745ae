package io.fspf.nio;

import io.fspf.VolumePath;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Directories that somebody holds on to: a handle leads to the same directory when that is moved,
 * and to none when it is removed. Thread-safe.
 */
final class DirectoryHandles {
  private final Set<Handle> handles = ConcurrentHashMap.newKeySet();

  /** One directory. */
  static final class Handle {
    private final VolumePath opened;
    private volatile @Nullable VolumePath path;

    Handle(VolumePath path) {
      this.opened = path;
      this.path = path;
    }

    /** Where the directory is now; it stays there while the view's topology is held. */
    VolumePath path() throws NoSuchFileException {
      VolumePath now = path;
      if (now == null) {
        throw new NoSuchFileException(opened.toString());
      }
      return now;
    }
  }

  /** A handle on the directory at a path without symbolic links. */
  Handle open(VolumePath real) {
    var handle = new Handle(real);
    handles.add(handle);
    return handle;
  }

  void close(Handle handle) {
    handles.remove(handle);
  }

  boolean isActive() {
    return !handles.isEmpty();
  }

  void moved(VolumePath from, VolumePath to) {
    removed(to);
    for (Handle handle : handles) {
      VolumePath path = handle.path;
      if (path != null && path.startsWith(from)) {
        handle.path = to.resolve(path.relativize(from));
      }
    }
  }

  void removed(VolumePath path) {
    for (Handle handle : handles) {
      if (path.equals(handle.path)) {
        handle.path = null;
      }
    }
  }
}
