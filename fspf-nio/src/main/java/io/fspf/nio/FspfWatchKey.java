package io.fspf.nio;

import io.fspf.Name;
import io.fspf.VolumePath;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.Watchable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One watch of one directory. Holds a bounded number of events; what comes beyond them is an
 * overflow. Thread-safe.
 */
final class FspfWatchKey implements WatchKey {
  /** As in the JDK. */
  private static final int MAX_EVENTS = 512;

  private final Watcher watcher;
  private final FspfPath directory;
  private final Object fileKey;

  /** Where the directory is now; changed while names move, which nothing else does. */
  private volatile VolumePath real;

  // All below is guarded by this.
  private Set<WatchEvent.Kind<?>> kinds;
  private List<Event<?>> events = new ArrayList<>();
  private boolean signalled;
  private boolean valid = true;

  FspfWatchKey(
      Watcher watcher,
      FspfPath directory,
      Object fileKey,
      VolumePath real,
      Set<WatchEvent.Kind<?>> kinds) {
    this.watcher = watcher;
    this.directory = directory;
    this.fileKey = fileKey;
    this.real = real;
    this.kinds = kinds;
  }

  VolumePath real() {
    return real;
  }

  /** The directory, or one above it, has another name. */
  void moved(VolumePath to) {
    real = to;
  }

  Object fileKey() {
    return fileKey;
  }

  synchronized void setKinds(Set<WatchEvent.Kind<?>> newKinds) {
    kinds = newKinds;
  }

  /** An event, which may have happened more than once. */
  private static final class Event<T> implements WatchEvent<T> {
    private final Kind<T> kind;
    private final @Nullable T context;
    private int count = 1;

    Event(Kind<T> kind, @Nullable T context) {
      this.kind = kind;
      this.context = context;
    }

    @Override
    public Kind<T> kind() {
      return kind;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    @SuppressWarnings("NullAway") // An overflow has no context, by the interface's word.
    public T context() {
      return context;
    }
  }

  synchronized void happened(WatchEvent.Kind<Path> kind, Name name) {
    if (!valid || !kinds.contains(kind)) {
      return;
    }
    Path context = FspfPath.ofBytes(directory.getFileSystem(), name.toBytes());
    Event<?> last = events.isEmpty() ? null : events.get(events.size() - 1);
    boolean overflown = last != null && last.kind == StandardWatchEventKinds.OVERFLOW;
    if (last != null && (overflown || (last.kind == kind && context.equals(last.context)))) {
      last.count++;
    } else if (events.size() < MAX_EVENTS) {
      events.add(new Event<>(kind, context));
    } else {
      events.clear();
      events.add(new Event<>(StandardWatchEventKinds.OVERFLOW, null));
    }
    signal();
  }

  private void signal() {
    if (!signalled) {
      signalled = true;
      watcher.signal(this);
    }
  }

  /** The directory is gone. */
  void end() {
    synchronized (this) {
      if (!valid) {
        return;
      }
      valid = false;
      signal();
    }
    watcher.forget(this);
  }

  @Override
  public synchronized boolean isValid() {
    return valid;
  }

  @Override
  public synchronized List<WatchEvent<?>> pollEvents() {
    List<WatchEvent<?>> taken = new ArrayList<>(events);
    events = new ArrayList<>();
    return taken;
  }

  @Override
  public synchronized boolean reset() {
    if (valid && signalled) {
      if (events.isEmpty()) {
        signalled = false;
      } else {
        watcher.signal(this);
      }
    }
    return valid;
  }

  @Override
  public void cancel() {
    synchronized (this) {
      valid = false;
    }
    watcher.forget(this);
  }

  @Override
  public Watchable watchable() {
    return directory;
  }
}
