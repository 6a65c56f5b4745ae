package io.fspf.nio.testkit;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Asynchronous channels. */
final class AsynchronousChecks {
  private AsynchronousChecks() {}

  private static AsynchronousFileChannel open(Path dir) throws java.io.IOException {
    return AsynchronousFileChannel.open(dir.resolve("f"), READ, WRITE, CREATE);
  }

  /** Completes a future. */
  private static final class Teller<T> implements CompletionHandler<T, CompletableFuture<T>> {
    @Override
    public void completed(T result, CompletableFuture<T> future) {
      future.complete(result);
    }

    @Override
    public void failed(Throwable failure, CompletableFuture<T> future) {
      future.completeExceptionally(failure);
    }
  }

  static List<Check> all() {
    return new Checks("asynchronous")
        .add(
            "reads and writes by futures",
            dir -> {
              try (AsynchronousFileChannel channel = open(dir)) {
                assertThat(channel.write(Checks.bytes("abc"), 0).get(1, TimeUnit.MINUTES))
                    .isEqualTo(3);
                ByteBuffer read = ByteBuffer.allocate(10);
                assertThat(channel.read(read, 1).get(1, TimeUnit.MINUTES)).isEqualTo(2);
                assertThat(Checks.text(read)).isEqualTo("bc");
                assertThat(channel.read(ByteBuffer.allocate(1), 3).get(1, TimeUnit.MINUTES))
                    .isEqualTo(-1);
                assertThat(channel.size()).isEqualTo(3);
                channel.truncate(1).force(true);
                assertThat(channel.size()).isEqualTo(1);
              }
            })
        .add(
            "reads and writes by completion handlers",
            dir -> {
              try (AsynchronousFileChannel channel = open(dir)) {
                var written = new CompletableFuture<Integer>();
                channel.write(Checks.bytes("abc"), 0, written, new Teller<>());
                assertThat(written.get(1, TimeUnit.MINUTES)).isEqualTo(3);
                var done = new CompletableFuture<Integer>();
                ByteBuffer read = ByteBuffer.allocate(3);
                channel.read(read, 0, done, new Teller<>());
                assertThat(done.get(1, TimeUnit.MINUTES)).isEqualTo(3);
                assertThat(Checks.text(read)).isEqualTo("abc");
              }
            })
        .add(
            "an executor of the caller's carries out the work",
            dir -> {
              var executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
              try (AsynchronousFileChannel channel =
                  AsynchronousFileChannel.open(dir.resolve("f"), Set.of(WRITE, CREATE), executor)) {
                var thread = new CompletableFuture<String>();
                channel.write(
                    Checks.bytes("abc"),
                    0,
                    thread,
                    new CompletionHandler<Integer, CompletableFuture<String>>() {
                      @Override
                      public void completed(Integer result, CompletableFuture<String> future) {
                        future.complete(Thread.currentThread().getName());
                      }

                      @Override
                      public void failed(Throwable failure, CompletableFuture<String> future) {
                        future.completeExceptionally(failure);
                      }
                    });
                assertThat(thread.get(1, TimeUnit.MINUTES)).isEqualTo("mine");
              } finally {
                executor.shutdown();
              }
            })
        .add(
            "locks are taken, and overlap as elsewhere",
            dir -> {
              try (AsynchronousFileChannel channel = open(dir)) {
                var lock = channel.lock().get(1, TimeUnit.MINUTES);
                assertThat(lock.isValid()).isTrue();
                assertThatThrownBy(channel::tryLock)
                    .isInstanceOf(OverlappingFileLockException.class);
                lock.release();
                assertThat(channel.tryLock(0, 1, true)).isNotNull();
              }
            })
        .add(
            "APPEND is not offered",
            dir ->
                assertThatThrownBy(
                        () -> AsynchronousFileChannel.open(dir.resolve("f"), APPEND, CREATE))
                    .isInstanceOf(UnsupportedOperationException.class))
        .add(
            "a closed channel does nothing more",
            dir -> {
              AsynchronousFileChannel channel = open(dir);
              channel.close();
              assertThat(channel.isOpen()).isFalse();
              assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), 0).get())
                  .isInstanceOf(ExecutionException.class)
                  .hasCauseInstanceOf(ClosedChannelException.class);
              assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
            })
        .add(
            "a channel for writing does not read",
            dir -> {
              try (AsynchronousFileChannel channel =
                  AsynchronousFileChannel.open(dir.resolve("f"), WRITE, CREATE)) {
                assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(NonReadableChannelException.class);
              }
            })
        .list();
  }
}
