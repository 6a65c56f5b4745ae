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

  /** Carries a task out elsewhere; the future fails with what the task throws. */
  private <T> CompletableFuture<T> submit(Task<T> task) {
    var future = new CompletableFuture<T>();
    if (!isOpen()) {
      future.completeExceptionally(new ClosedChannelException());
      return future;
    }
    try {
      executor.execute(
          () -> {
            try {
              future.complete(task.run());
            } catch (ClosedChannelException e) {
              future.completeExceptionally(new AsynchronousCloseException());
            } catch (Throwable e) {
              future.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      future.completeExceptionally(e);
    }
    return future;
  }

  private static <T, A extends @Nullable Object> void tell(
      CompletableFuture<T> future, A attachment, CompletionHandler<T, ? super A> handler) {
    var unused =
        future.whenComplete(
            (result, failure) -> {
              if (failure == null) {
                handler.completed(result, attachment);
              } else {
                handler.failed(failure, attachment);
              }
            });
  }

  private CompletableFuture<Integer> submitRead(ByteBuffer into, long position) {
    if (position < 0) {
      throw new IllegalArgumentException("Negative position");
    }
    if (into.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    if (!settings.read()) {
      throw new NonReadableChannelException();
    }
    return submit(() -> file.read(into, position));
  }

  @Override
  public <A extends @Nullable Object> void read(
      ByteBuffer into, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
    Objects.requireNonNull(handler, "handler");
    tell(submitRead(into, position), attachment, handler);
  }

  @Override
  public Future<Integer> read(ByteBuffer into, long position) {
    return submitRead(into, position);
  }

  private CompletableFuture<Integer> submitWrite(ByteBuffer from, long position) {
    if (position < 0) {
      throw new IllegalArgumentException("Negative position");
    }
    Objects.requireNonNull(from);
    if (!settings.write()) {
      throw new NonWritableChannelException();
    }
    return submit(
        () -> {
          int count = from.hasRemaining() ? file.write(from, position) : 0;
          modified.run();
          return count;
        });
  }

  @Override
  public <A extends @Nullable Object> void write(
      ByteBuffer from, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
    Objects.requireNonNull(handler, "handler");
    tell(submitWrite(from, position), attachment, handler);
  }

  @Override
  public Future<Integer> write(ByteBuffer from, long position) {
    return submitWrite(from, position);
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

  private CompletableFuture<FileLock> submitLock(long position, long size, boolean shared) {
    if (!isOpen()) {
      return CompletableFuture.failedFuture(new ClosedChannelException());
    }
    FileLock lock = lockNow(position, size, shared);
    return submit(() -> lock);
  }

  @Override
  public <A extends @Nullable Object> void lock(
      long position,
      long size,
      boolean shared,
      A attachment,
      CompletionHandler<FileLock, ? super A> handler) {
    Objects.requireNonNull(handler, "handler");
    tell(submitLock(position, size, shared), attachment, handler);
  }

  @Override
  public Future<FileLock> lock(long position, long size, boolean shared) {
    return submitLock(position, size, shared);
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
