package io.fspf.nio;

import io.fspf.Name;
import io.fspf.VolumePath;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who watches which directory. Changes are told by those who make them through this file system;
 * nobody else can change a volume while it is open. Thread-safe.
 */
final class Watched {
  private final Map<VolumePath, List<FspfWatchKey>> keys = new ConcurrentHashMap<>();

  /** Whether anyone watches anything. */
  boolean isActive() {
    return !keys.isEmpty();
  }

  void add(VolumePath directory, FspfWatchKey key) {
    keys.compute(
        directory,
        (path, others) -> {
          List<FspfWatchKey> list = others == null ? new CopyOnWriteArrayList<>() : others;
          list.add(key);
          return list;
        });
  }

  void remove(VolumePath directory, FspfWatchKey key) {
    keys.computeIfPresent(
        directory,
        (path, others) -> {
          others.remove(key);
          return others.isEmpty() ? null : others;
        });
  }

  void created(VolumePath path) {
    tell(path, StandardWatchEventKinds.ENTRY_CREATE);
  }

  void modified(VolumePath path) {
    tell(path, StandardWatchEventKinds.ENTRY_MODIFY);
  }

  /** A name is gone; a watch of the directory that it named ends. */
  void removed(VolumePath path) {
    tell(path, StandardWatchEventKinds.ENTRY_DELETE);
    for (FspfWatchKey key : keys.getOrDefault(path, List.of())) {
      key.end();
    }
  }

  private void tell(VolumePath path, WatchEvent.Kind<java.nio.file.Path> kind) {
    if (path.isRoot()) {
      return;
    }
    Name name = path.name();
    for (FspfWatchKey key : keys.getOrDefault(path.parent(), List.of())) {
      key.happened(kind, name);
    }
  }
}
