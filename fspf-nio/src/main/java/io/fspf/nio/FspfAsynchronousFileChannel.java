package io.fspf.nio;

import io.fspf.VolumeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open regular file of a volume whose input and output an executor carries out. Thread-safe.
 *
 * <p>Closing fails what is under way with an {@link AsynchronousCloseException}.
 */
final class FspfAsynchronousFileChannel extends AsynchronousFileChannel {
  private final VolumeFile file;
  private final OpenSettings settings;
  private final Object fileKey;
  private final LockTable locks;
  private final Executor executor;
  private final Runnable modified;
  private final Consumer<FspfAsynchronousFileChannel> closed;
  private final AtomicBoolean closing = new AtomicBoolean();

  FspfAsynchronousFileChannel(
      VolumeFile file,
      OpenSettings settings,
      Object fileKey,
      LockTable locks,
      Executor executor,
      Runnable modified,
      Consumer<FspfAsynchronousFileChannel> closed) {
    this.file = file;
    this.settings = settings;
    this.fileKey = fileKey;
    this.locks = locks;
    this.executor = executor;
    this.modified = modified;
    this.closed = closed;
  }

  private interface Task<T> {
    T run() throws IOException;
  }

  /** Carries a task out elsewhere; the future, which is new, fails with what the task throws. */
  private <T> CompletableFuture<T> submit(CompletableFuture<T> future, Task<T> task) {
    try {
      executor.execute(
          () -> {
            try {
              if (!isOpen()) {
                throw new ClosedChannelException();
              }
              future.complete(task.run());
            } catch (ClosedChannelException e) {
              future.completeExceptionally(isOpen() ? e : new AsynchronousCloseException());
            } catch (Throwable e) {
              future.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      future.completeExceptionally(
          isOpen() ? new ShutdownChannelGroupException() : new ClosedChannelException());
    }
    return future;
  }

  /** A future that tells a handler when it is done, on the thread that has done it. */
  private static <T, A extends @Nullable Object> CompletableFuture<T> telling(
      A attachment, CompletionHandler<T, ? super A> handler) {
    Objects.requireNonNull(handler, "handler");
    var future = new CompletableFuture<T>();
    var unused =
        future.whenComplete(
            (result, failure) -> {
              if (failure == null) {
                handler.completed(result, attachment);
              } else {
                handler.failed(failure, attachment);
              }
            });
    return future;
  }

  private CompletableFuture<Integer> submitRead(
      CompletableFuture<Integer> future, ByteBuffer into, long position) {
    if (position < 0) {
      throw new IllegalArgumentException("Negative position");
    }
    if (into.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    if (!settings.read()) {
      throw new NonReadableChannelException();
    }
    return submit(future, () -> file.read(into, position));
  }

  @Override
  public <A extends @Nullable Object> void read(
      ByteBuffer into, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
    var unused = submitRead(telling(attachment, handler), into, position);
  }

  @Override
  public Future<Integer> read(ByteBuffer into, long position) {
    return submitRead(new CompletableFuture<>(), into, position);
  }

  private CompletableFuture<Integer> submitWrite(
      CompletableFuture<Integer> future, ByteBuffer from, long position) {
    if (position < 0) {
      throw new IllegalArgumentException("Negative position");
    }
    Objects.requireNonNull(from);
    if (!settings.write()) {
      throw new NonWritableChannelException();
    }
    return submit(
        future,
        () -> {
          int count = from.hasRemaining() ? file.write(from, position) : 0;
          modified.run();
          return count;
        });
  }

  @Override
  public <A extends @Nullable Object> void write(
      ByteBuffer from, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
    var unused = submitWrite(telling(attachment, handler), from, position);
  }

  @Override
  public Future<Integer> write(ByteBuffer from, long position) {
    return submitWrite(new CompletableFuture<>(), from, position);
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return file.size();
  }

  @Override
  public AsynchronousFileChannel truncate(long size) throws IOException {
    if (size < 0) {
      throw new IllegalArgumentException("Negative size");
    }
    checkOpen();
    if (!settings.write()) {
      throw new NonWritableChannelException();
    }
    if (size < file.size()) {
      file.setSize(size);
      modified.run();
    }
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    checkOpen();
    file.force();
  }

  private FileLock lockNow(long position, long size, boolean shared) {
    if (shared && !settings.read()) {
      throw new NonReadableChannelException();
    }
    if (!shared && !settings.write()) {
      throw new NonWritableChannelException();
    }
    return locks.lock(this, fileKey, position, size, shared);
  }

  private CompletableFuture<FileLock> submitLock(
      CompletableFuture<FileLock> future, long position, long size, boolean shared) {
    if (!isOpen()) {
      future.completeExceptionally(new ClosedChannelException());
      return future;
    }
    FileLock lock = lockNow(position, size, shared);
    return submit(future, () -> lock);
  }

  @Override
  public <A extends @Nullable Object> void lock(
      long position,
      long size,
      boolean shared,
      A attachment,
      CompletionHandler<FileLock, ? super A> handler) {
    var unused = submitLock(telling(attachment, handler), position, size, shared);
  }

  @Override
  public Future<FileLock> lock(long position, long size, boolean shared) {
    return submitLock(new CompletableFuture<>(), position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    checkOpen();
    return lockNow(position, size, shared);
  }

  private void checkOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public boolean isOpen() {
    return !closing.get();
  }

  @Override
  public void close() throws IOException {
    if (closing.compareAndSet(false, true)) {
      locks.releaseAll(fileKey, this);
      try {
        file.close();
      } finally {
        closed.accept(this);
      }
    }
  }
}
