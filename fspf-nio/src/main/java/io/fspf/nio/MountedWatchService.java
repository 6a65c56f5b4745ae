package io.fspf.nio;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.Watchable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches directories of the mounted tree by the services of the file systems that they belong to.
 * Who waits looks at each in turn, every 20 ms. Thread-safe.
 */
final class MountedWatchService implements WatchService {
  private static final long TURN_MILLIS = 20;

  private final WatchService platform;
  private final Map<FileSystem, WatchService> volumes = new ConcurrentHashMap<>();
  private final Map<WatchKey, Key> keys = new ConcurrentHashMap<>();
  private volatile boolean closed;

  MountedWatchService(WatchService platform) {
    this.platform = platform;
  }

  WatchKey register(
      MountedPath directory, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    checkOpen();
    Path target = directory.getFileSystem().target(directory, true);
    WatchService service = platform;
    if (target.getFileSystem() instanceof FspfFileSystem volume) {
      synchronized (this) {
        service = volumes.get(volume);
        if (service == null) {
          service = volume.newWatchService();
          volumes.put(volume, service);
        }
      }
    }
    WatchKey key = target.register(service, events, modifiers);
    return keys.computeIfAbsent(key, inner -> new Key(inner, directory));
  }

  /** A key of the tree. */
  private static final class Key implements WatchKey {
    private final WatchKey inner;
    private final MountedPath directory;

    Key(WatchKey inner, MountedPath directory) {
      this.inner = inner;
      this.directory = directory;
    }

    @Override
    public boolean isValid() {
      return inner.isValid();
    }

    @Override
    public List<WatchEvent<?>> pollEvents() {
      return inner.pollEvents().stream().<WatchEvent<?>>map(this::shown).toList();
    }

    private WatchEvent<?> shown(WatchEvent<?> event) {
      return event.context() instanceof Path name
          ? new NameEvent(
              directory.getFileSystem().getPath(name.toString()), event.kind(), event.count())
          : event;
    }

    @Override
    public boolean reset() {
      return inner.reset();
    }

    @Override
    public void cancel() {
      inner.cancel();
    }

    @Override
    public Watchable watchable() {
      return directory;
    }
  }

  /** An event of one name in the directory. */
  private record NameEvent(Path context, Kind<Path> kind, int count) implements WatchEvent<Path> {
    @SuppressWarnings("unchecked") // Whose context is a path, its kind is of paths.
    NameEvent(Path context, Kind<?> kind, Integer count) {
      this(context, (Kind<Path>) kind, count.intValue());
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new ClosedWatchServiceException();
    }
  }

  @Override
  public @Nullable WatchKey poll() {
    checkOpen();
    WatchKey found = platform.poll();
    for (WatchService service : volumes.values()) {
      if (found == null) {
        found = service.poll();
      }
    }
    return found == null ? null : keys.get(found);
  }

  @Override
  public @Nullable WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
    long end = System.nanoTime() + unit.toNanos(timeout);
    while (true) {
      WatchKey found = poll();
      long left = end - System.nanoTime();
      if (found != null || left <= 0) {
        return found;
      }
      TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS)));
    }
  }

  @Override
  public WatchKey take() throws InterruptedException {
    while (true) {
      WatchKey found = poll(1, TimeUnit.HOURS);
      if (found != null) {
        return found;
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try (platform) {
      for (WatchService service : volumes.values()) {
        service.close();
      }
    }
  }
}
