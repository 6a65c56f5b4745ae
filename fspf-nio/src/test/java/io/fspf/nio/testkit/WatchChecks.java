package io.fspf.nio.testkit;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Watching directories. */
final class WatchChecks {
  private WatchChecks() {}

  /** What is seen of a change, up to a given number of events. */
  private static List<String> seen(WatchService watcher, int count) throws InterruptedException {
    var seen = new ArrayList<String>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (seen.size() < count && System.nanoTime() < end) {
      WatchKey key = watcher.poll(1, TimeUnit.SECONDS);
      if (key != null) {
        for (WatchEvent<?> event : key.pollEvents()) {
          seen.add(event.kind().name() + " " + event.context());
        }
        key.reset();
      }
    }
    return seen;
  }

  static List<Check> all() {
    return new Checks("watch")
        .add(
            "creations, changes and deletions are told",
            dir -> {
              Path old = Checks.file(dir, "old", "x");
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                WatchKey key = dir.register(watcher, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
                assertThat(key.isValid()).isTrue();
                assertThat(key.watchable()).isEqualTo(dir);
                Files.createDirectory(dir.resolve("new"));
                assertThat(seen(watcher, 1)).containsExactly("ENTRY_CREATE new");
                Files.writeString(old, "longer than before");
                assertThat(seen(watcher, 1)).contains("ENTRY_MODIFY old");
                Files.delete(dir.resolve("new"));
                assertThat(seen(watcher, 1)).contains("ENTRY_DELETE new");
              }
            })
        .add(
            "a move is a deletion and a creation",
            dir -> {
              Path file = Checks.file(dir, "a", "x");
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                dir.register(watcher, ENTRY_CREATE, ENTRY_DELETE);
                Files.move(file, dir.resolve("b"));
                assertThat(seen(watcher, 2))
                    .containsExactlyInAnyOrder("ENTRY_DELETE a", "ENTRY_CREATE b");
              }
            })
        .add(
            "only what was asked for is told",
            dir -> {
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                dir.register(watcher, ENTRY_DELETE);
                Path file = Checks.file(dir, "f", "x");
                Files.delete(file);
                assertThat(seen(watcher, 1)).containsExactly("ENTRY_DELETE f");
              }
            })
        .add(
            "a cancelled key tells nothing",
            dir -> {
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                WatchKey key = dir.register(watcher, ENTRY_CREATE);
                key.cancel();
                assertThat(key.isValid()).isFalse();
                assertThat(key.reset()).isFalse();
                Checks.file(dir, "f", "x");
                assertThat(watcher.poll(100, TimeUnit.MILLISECONDS)).isNull();
              }
            })
        .add(
            "a key ends with its directory",
            dir -> {
              Path made = Files.createDirectory(dir.resolve("d"));
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                WatchKey key = made.register(watcher, ENTRY_CREATE);
                Files.delete(made);
                WatchKey told = watcher.poll(10, TimeUnit.SECONDS);
                assertThat(told).isSameAs(key);
                assertThat(key.reset()).isFalse();
                assertThat(key.isValid()).isFalse();
              }
            })
        .add(
            "a directory has one key in a service",
            dir -> {
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                WatchKey key = dir.register(watcher, ENTRY_CREATE);
                assertThat(dir.register(watcher, ENTRY_DELETE)).isSameAs(key);
              }
            })
        .add(
            "what is missing or no directory is not watched",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                assertThatThrownBy(() -> dir.resolve("none").register(watcher, ENTRY_CREATE))
                    .isInstanceOf(NoSuchFileException.class);
                assertThatThrownBy(() -> file.register(watcher, ENTRY_CREATE))
                    .isInstanceOf(NotDirectoryException.class);
                assertThatThrownBy(() -> dir.register(watcher))
                    .isInstanceOf(IllegalArgumentException.class);
              }
            })
        .add(
            "closing wakes who waits",
            dir -> {
              WatchService watcher = dir.getFileSystem().newWatchService();
              var woken = new CompletableFuture<Throwable>();
              var waiting =
                  new Thread(
                      () -> {
                        try {
                          watcher.take();
                        } catch (InterruptedException | ClosedWatchServiceException e) {
                          woken.complete(e);
                        }
                      });
              waiting.start();
              Thread.sleep(50);
              watcher.close();
              assertThat(woken.get(20, TimeUnit.SECONDS))
                  .isInstanceOf(ClosedWatchServiceException.class);
              assertThatThrownBy(watcher::poll).isInstanceOf(ClosedWatchServiceException.class);
            })
        .list();
  }
}
