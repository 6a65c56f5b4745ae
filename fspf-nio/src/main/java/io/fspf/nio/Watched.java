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

  void add(FspfWatchKey key) {
    keys.compute(
        key.real(),
        (path, others) -> {
          List<FspfWatchKey> list = others == null ? new CopyOnWriteArrayList<>() : others;
          list.add(key);
          return list;
        });
  }

  void remove(FspfWatchKey key) {
    keys.computeIfPresent(
        key.real(),
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
    end(path);
  }

  private void end(VolumePath path) {
    for (FspfWatchKey key : keys.getOrDefault(path, List.of())) {
      key.end();
    }
  }

  /**
   * A file has another name. Directories stay watched where they are then, as inotify(7) has it;
   * the watch of one that is replaced ends.
   */
  void moved(VolumePath from, VolumePath to) {
    end(to);
    for (VolumePath path : List.copyOf(keys.keySet())) {
      List<FspfWatchKey> moved = path.startsWith(from) ? keys.remove(path) : null;
      if (moved == null) {
        continue;
      }
      for (FspfWatchKey key : moved) {
        key.moved(to.resolve(path.relativize(from)));
        add(key);
        if (!key.isValid()) {
          remove(key); // It was cancelled between the two names.
        }
      }
    }
    tell(from, StandardWatchEventKinds.ENTRY_DELETE);
    tell(to, StandardWatchEventKinds.ENTRY_CREATE);
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
