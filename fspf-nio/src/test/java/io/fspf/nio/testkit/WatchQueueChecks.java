package io.fspf.nio.testkit;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How keys are queued, reset and ended. */
final class WatchQueueChecks {
  private WatchQueueChecks() {}

  private static WatchKey next(WatchService watcher) throws InterruptedException {
    return Objects.requireNonNull(watcher.poll(10, TimeUnit.SECONDS), "nothing is told");
  }

  static List<Check> all() {
    return new Checks("watch")
        .add(
            "a key that is not reset is not queued again, and collects what happens",
            dir -> {
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                WatchKey key = dir.register(watcher, ENTRY_CREATE);
                Checks.file(dir, "a", "");
                assertThat(next(watcher)).isSameAs(key);
                Checks.file(dir, "b", "");
                assertThat(watcher.poll(200, TimeUnit.MILLISECONDS)).isNull();
                var names = new ArrayList<String>();
                for (WatchEvent<?> event : key.pollEvents()) {
                  names.add(String.valueOf(event.context()));
                }
                assertThat(names).containsExactly("a", "b");
                assertThat(key.pollEvents()).isEmpty();
                assertThat(key.reset()).isTrue();
                assertThat(watcher.poll()).isNull();
              }
            })
        .add(
            "a key with events left is queued again when it is reset",
            dir -> {
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                WatchKey key = dir.register(watcher, ENTRY_CREATE);
                Checks.file(dir, "a", "");
                assertThat(next(watcher)).isSameAs(key);
                assertThat(key.reset()).isTrue();
                assertThat(next(watcher)).isSameAs(key);
                assertThat(key.pollEvents()).hasSize(1);
              }
            })
        .add(
            "more events than anybody takes are an overflow",
            dir -> {
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                WatchKey key = dir.register(watcher, ENTRY_CREATE, ENTRY_DELETE);
                for (int i = 0; i < 400; i++) {
                  Files.delete(Checks.file(dir, "f" + i, ""));
                }
                assertThat(next(watcher)).isSameAs(key);
                Thread.sleep(300);
                List<WatchEvent<?>> events = key.pollEvents();
                assertThat(events).hasSizeLessThan(700);
                assertThat(events).anyMatch(event -> event.kind() == OVERFLOW);
                events.stream()
                    .filter(event -> event.kind() == OVERFLOW)
                    .forEach(event -> assertThat(event.context()).isNull());
                assertThat(key.reset()).isTrue();
                Checks.file(dir, "after", "");
                assertThat(next(watcher).pollEvents()).hasSize(1);
              }
            })
        .add(
            "changes of one file are counted in one event",
            dir -> {
              Path file = Checks.file(dir, "f", "");
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                WatchKey key = dir.register(watcher, ENTRY_MODIFY);
                for (int i = 0; i < 5; i++) {
                  Files.writeString(file, "x".repeat(i));
                }
                assertThat(next(watcher)).isSameAs(key);
                Thread.sleep(200);
                List<WatchEvent<?>> events = key.pollEvents();
                assertThat(events).hasSize(1);
                assertThat(events.get(0).count()).isGreaterThan(1);
              }
            })
        .add(
            "what happens in directories below is not told",
            dir -> {
              Path below = Files.createDirectory(dir.resolve("d"));
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                dir.register(watcher, ENTRY_CREATE, ENTRY_DELETE);
                Checks.file(below, "f", "");
                assertThat(watcher.poll(200, TimeUnit.MILLISECONDS)).isNull();
              }
            })
        .add(
            "a directory that is moved is watched where it is",
            dir -> {
              Path d = Files.createDirectory(dir.resolve("d"));
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                WatchKey key = d.register(watcher, ENTRY_CREATE);
                Files.move(d, dir.resolve("moved"));
                Checks.file(dir, "moved/f", "");
                assertThat(next(watcher)).isSameAs(key);
                assertThat(key.pollEvents()).hasSize(1);
                assertThat(key.reset()).isTrue();
              }
            })
        .add(
            "moves into and out of a directory are creations and deletions there",
            dir -> {
              Path one = Files.createDirectory(dir.resolve("one"));
              Path other = Files.createDirectory(dir.resolve("other"));
              Checks.file(one, "f", "x");
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                WatchKey from = one.register(watcher, ENTRY_CREATE, ENTRY_DELETE);
                WatchKey to = other.register(watcher, ENTRY_CREATE, ENTRY_DELETE);
                Files.move(one.resolve("f"), other.resolve("g"));
                assertThat(List.of(next(watcher), next(watcher)))
                    .containsExactlyInAnyOrder(from, to);
                assertThat(from.pollEvents().get(0).kind()).isEqualTo(ENTRY_DELETE);
                assertThat(to.pollEvents().get(0).kind()).isEqualTo(ENTRY_CREATE);
              }
            })
        .add(
            "a waiting thread is interrupted",
            dir -> {
              try (WatchService watcher = dir.getFileSystem().newWatchService()) {
                var end = new CompletableFuture<Throwable>();
                var waiting =
                    new Thread(
                        () -> {
                          try {
                            watcher.take();
                          } catch (Throwable e) {
                            end.complete(e);
                          }
                        });
                waiting.start();
                Thread.sleep(30);
                waiting.interrupt();
                assertThat(end.get(1, TimeUnit.MINUTES)).isInstanceOf(InterruptedException.class);
              }
            })
        .add(
            "keys end with their service",
            dir -> {
              WatchService watcher = dir.getFileSystem().newWatchService();
              WatchKey key = dir.register(watcher, ENTRY_CREATE);
              watcher.close();
              watcher.close();
              assertThat(key.isValid()).isFalse();
              assertThat(key.reset()).isFalse();
              key.cancel();
              assertThatThrownBy(() -> dir.register(watcher, ENTRY_CREATE))
                  .isInstanceOf(ClosedWatchServiceException.class);
              assertThatThrownBy(() -> watcher.poll(1, TimeUnit.SECONDS))
                  .isInstanceOf(ClosedWatchServiceException.class);
            })
        .list();
  }
}
