package io.fspf.nio;

import com.google.common.collect.ImmutableSet;
import io.fspf.VolumePath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Watches directories of one file system for changes made through it. Events come at once, without
 * polling. Thread-safe.
 */
final class Watcher implements WatchService, Closeable {
  private static final Set<WatchEvent.Kind<?>> KINDS =
      ImmutableSet.of(
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_DELETE,
          StandardWatchEventKinds.ENTRY_MODIFY);

  private final FspfFileSystem fileSystem;
  private final LinkedBlockingDeque<WatchKey> signalled = new LinkedBlockingDeque<>();

  /** By the directories' file keys, since directories are moved. */
  private final Map<Object, FspfWatchKey> keys = new ConcurrentHashMap<>();

  private final AtomicBoolean closed = new AtomicBoolean();

  /** Wakes those who wait when the service is closed. */
  private final WatchKey closingKey;

  Watcher(FspfFileSystem fileSystem) {
    this.fileSystem = fileSystem;
    this.closingKey = new FspfWatchKey(this, fileSystem.root(), "", VolumePath.ROOT, Set.of());
  }

  WatchKey register(
      FspfPath directory, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    checkOpen();
    if (!directory.getFileSystem().equals(fileSystem)) {
      throw new ProviderMismatchException("A directory of another volume");
    }
    Set<WatchEvent.Kind<?>> kinds = kinds(events);
    for (WatchEvent.Modifier modifier : modifiers) {
      if (modifier == null) {
        throw new NullPointerException("A null modifier");
      }
      if (!modifier.name().startsWith("SENSITIVITY_")
          && !modifier.name().matches("HIGH|MEDIUM|LOW")) {
        throw new UnsupportedOperationException("Modifier not supported: " + modifier.name());
      }
    }
    return fileSystem.using(
        () -> {
          Lock still = fileSystem.view().topology().readLock();
          still.lock();
          try {
            return register(directory, kinds);
          } finally {
            still.unlock();
          }
        });
  }

  /** Registers a directory, which is not moved meanwhile. */
  private synchronized WatchKey register(FspfPath directory, Set<WatchEvent.Kind<?>> kinds)
      throws IOException {
    FileSystemView view = fileSystem.view();
    VolumePath given = directory.toVolumePath();
    FspfFileAttributes attributes = view.attributes(given, true);
    if (!attributes.isDirectory()) {
      throw new NotDirectoryException(directory.toString());
    }
    FspfWatchKey known = keys.get(attributes.key());
    if (known != null) {
      known.setKinds(kinds);
      return known;
    }
    VolumePath real = fileSystem.volume().toRealPath(given);
    var key = new FspfWatchKey(this, directory, attributes.key(), real, kinds);
    keys.put(attributes.key(), key);
    view.watched().add(key);
    return key;
  }

  private static Set<WatchEvent.Kind<?>> kinds(WatchEvent.Kind<?>[] events) {
    var kinds = ImmutableSet.<WatchEvent.Kind<?>>builder();
    for (WatchEvent.Kind<?> kind : events) {
      if (kind == null) {
        throw new NullPointerException("A null kind of event");
      }
      if (KINDS.contains(kind)) {
        kinds.add(kind);
      } else if (kind != StandardWatchEventKinds.OVERFLOW) {
        throw new UnsupportedOperationException("Kind of event not supported: " + kind.name());
      }
    }
    Set<WatchEvent.Kind<?>> all = kinds.build();
    if (all.isEmpty()) {
      throw new IllegalArgumentException("No events to register");
    }
    return all;
  }

  void signal(FspfWatchKey key) {
    signalled.add(key);
  }

  void forget(FspfWatchKey key) {
    keys.remove(key.fileKey(), key);
    fileSystem.view().watched().remove(key);
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new ClosedWatchServiceException();
    }
  }

  private @Nullable WatchKey checked(@Nullable WatchKey key) {
    if (key == closingKey) {
      signalled.addFirst(closingKey); // For the next who waits.
    }
    checkOpen();
    return key;
  }

  @Override
  public @Nullable WatchKey poll() {
    checkOpen();
    return checked(signalled.poll());
  }

  @Override
  public @Nullable WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
    checkOpen();
    return checked(signalled.poll(timeout, unit));
  }

  @Override
  public WatchKey take() throws InterruptedException {
    checkOpen();
    WatchKey key = signalled.take();
    var unused = checked(key);
    return key;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      for (FspfWatchKey key : Set.copyOf(keys.values())) {
        key.cancel();
      }
      signalled.addFirst(closingKey);
      fileSystem.resources().remove(this);
    }
  }
}
