package io.fspf.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.util.function.Consumer;

/**
 * A directory that was opened as a file for reading, as Linux allows: it cannot be read, but {@link
 * #force} makes the names in it durable. Thread-safe.
 */
final class DirectoryChannel extends FileChannel {
  /** Makes the volume's changes durable. */
  interface Commit {
    void commit() throws IOException;
  }

  private final String path;
  private final Commit commit;
  private final Consumer<DirectoryChannel> closed;
  private volatile long position;

  DirectoryChannel(String path, Commit commit, Consumer<DirectoryChannel> closed) {
    this.path = path;
    this.commit = commit;
    this.closed = closed;
  }

  private void checkOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private FileSystemException isDirectory() throws ClosedChannelException {
    checkOpen();
    return new FileSystemException(path, null, "Is a directory");
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    throw isDirectory();
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    throw isDirectory();
  }

  @Override
  public int read(ByteBuffer into, long at) throws IOException {
    throw isDirectory();
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    checkOpen();
    throw new NonWritableChannelException();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    checkOpen();
    throw new NonWritableChannelException();
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    checkOpen();
    throw new NonWritableChannelException();
  }

  @Override
  public long position() throws IOException {
    checkOpen();
    return position;
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    checkOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("Negative position");
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return 0;
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    checkOpen();
    throw new NonWritableChannelException();
  }

  @Override
  public void force(boolean metaData) throws IOException {
    checkOpen();
    boolean completed = false;
    try {
      begin();
      if (isOpen()) {
        commit.commit();
      }
      completed = true;
    } finally {
      end(completed);
    }
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
    throw isDirectory();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
    checkOpen();
    throw new NonWritableChannelException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long from, long size) throws IOException {
    throw isDirectory();
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) throws IOException {
    throw isDirectory();
  }

  @Override
  public FileLock tryLock(long from, long size, boolean shared) throws IOException {
    throw isDirectory();
  }

  @Override
  protected void implCloseChannel() {
    closed.accept(this);
  }
}
