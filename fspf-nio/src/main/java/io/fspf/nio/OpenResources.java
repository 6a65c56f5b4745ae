package io.fspf.nio;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Everything that was opened from a file system and is to be closed with it. Thread-safe. */
final class OpenResources {
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

  void add(Closeable resource) {
    open.add(resource);
  }

  /** Called by a resource that is closed. */
  void remove(Closeable resource) {
    open.remove(resource);
  }

  int count() {
    return open.size();
  }

  /**
   * Closes all, whatever the others throw.
   *
   * @return the first failure, the others added to it; null if there was none
   */
  @Nullable IOException closeAll() {
    IOException failure = null;
    for (Closeable resource : Set.copyOf(open)) {
      try {
        resource.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    return failure;
  }
}
