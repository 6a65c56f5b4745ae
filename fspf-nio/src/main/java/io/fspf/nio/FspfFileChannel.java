package io.fspf.nio;

import io.fspf.VolumeFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open regular file of a volume with a position.
 *
 * <p>A mapping is a verified private copy: what the host can still change is never handed out, so
 * there is no shared mapping. An interrupt closes the channel, as everywhere in {@code
 * java.nio.channels}; it does not disturb others.
 *
 * <p>Thread-safe: what uses the position excludes itself, all else runs side by side.
 */
final class FspfFileChannel extends FileChannel {
  /** What happens beside reading and writing. */
  interface Owner {
    /** The content has changed. */
    void modified();

    /** The channel is closed: nothing more is to be done with it. */
    void closed(FspfFileChannel channel);
  }

  private final VolumeFile file;
  private final OpenSettings settings;
  private final Object fileKey;
  private final LockTable locks;
  private final Owner owner;
  private final Object positionLock = new Object();

  /**
   * The channel itself while it is open, and what is under way: the last one lets go of the file.
   */
  private final AtomicInteger users = new AtomicInteger(1);

  private long position;

  FspfFileChannel(
      VolumeFile file, OpenSettings settings, Object fileKey, LockTable locks, Owner owner) {
    this.file = file;
    this.settings = settings;
    this.fileKey = fileKey;
    this.locks = locks;
    this.owner = owner;
  }

  /** Input or output that an interrupt or a closing may cut short. */
  private interface Blocking {
    long run() throws IOException;
  }

  private long blocking(Blocking io) throws IOException {
    if (users.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
      throw new AsynchronousCloseException();
    }
    Closeable use = this::leave;
    try (use) {
      return interruptible(io);
    }
  }

  private long interruptible(Blocking io) throws IOException {
    boolean completed = false;
    try {
      begin();
      if (!isOpen()) {
        return 0; // What end throws takes its place.
      }
      long result = io.run();
      completed = true;
      return result;
    } finally {
      end(completed);
    }
  }

  private void checkOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private void checkReadable() throws ClosedChannelException {
    checkOpen();
    if (!settings.read()) {
      throw new NonReadableChannelException();
    }
  }

  private void checkWritable() throws ClosedChannelException {
    checkOpen();
    if (!settings.write()) {
      throw new NonWritableChannelException();
    }
  }

  private static void checkPosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("Negative position");
    }
  }

  private static void checkRoom(ByteBuffer buffer) {
    if (buffer.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    checkReadable();
    checkRoom(into);
    synchronized (positionLock) {
      return (int)
          blocking(
              () -> {
                int count = file.read(into, position);
                position += Math.max(0, count);
                return count;
              });
    }
  }

  @Override
  public int read(ByteBuffer into, long at) throws IOException {
    Objects.requireNonNull(into);
    checkPosition(at);
    checkReadable();
    checkRoom(into);
    return (int) blocking(() -> file.read(into, at));
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    checkReadable();
    for (int i = offset; i < offset + length; i++) {
      checkRoom(into[i]);
    }
    synchronized (positionLock) {
      return blocking(() -> scatter(into, offset, length));
    }
  }

  private long scatter(ByteBuffer[] into, int offset, int length) throws IOException {
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      if (!into[i].hasRemaining()) {
        continue;
      }
      int count = file.read(into[i], position);
      if (count < 0) {
        return total == 0 ? -1 : total;
      }
      position += count;
      total += count;
      if (into[i].hasRemaining()) {
        break;
      }
    }
    return total;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    Objects.requireNonNull(from);
    checkWritable();
    synchronized (positionLock) {
      return (int) blocking(() -> writeHere(from));
    }
  }

  private int writeHere(ByteBuffer from) throws IOException {
    int count = from.remaining();
    if (settings.append()) {
      position = file.append(from) + count;
    } else if (count > 0) {
      position += file.write(from, position);
    }
    changed(count);
    return count;
  }

  private void changed(long count) {
    if (count > 0) {
      owner.modified();
    }
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    Objects.requireNonNull(from);
    checkPosition(at);
    checkWritable();
    return (int)
        blocking(
            () -> {
              int count = from.remaining();
              if (settings.append()) {
                file.append(from); // As on Linux, where the position does not count then.
              } else if (count > 0) {
                file.write(from, at);
              }
              changed(count);
              return count;
            });
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    checkWritable();
    for (int i = offset; i < offset + length; i++) {
      Objects.requireNonNull(from[i]);
    }
    synchronized (positionLock) {
      return blocking(
          () -> {
            if (settings.append() && length > 1) {
              return writeHere(Gathering.gathered(from, offset, length));
            }
            long total = 0;
            for (int i = offset; i < offset + length; i++) {
              total += writeHere(from[i]);
            }
            return total;
          });
    }
  }

  @Override
  public long position() throws IOException {
    checkOpen();
    synchronized (positionLock) {
      return settings.append() ? file.size() : position;
    }
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    checkOpen();
    checkPosition(newPosition);
    synchronized (positionLock) {
      position = newPosition;
    }
    return this;
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return blocking(file::size);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    checkOpen();
    if (size < 0) {
      throw new IllegalArgumentException("Negative size");
    }
    checkWritable();
    synchronized (positionLock) {
      blocking(
          () -> {
            if (size < file.size()) {
              file.setSize(size);
              changed(1);
            }
            position = Math.min(position, size);
            return size;
          });
    }
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    checkOpen();
    blocking(
        () -> {
          file.force();
          return 0;
        });
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
    checkOpen();
    if (!target.isOpen()) {
      throw new ClosedChannelException();
    }
    checkReadable();
    if (from < 0 || count < 0) {
      throw new IllegalArgumentException("Negative position or count");
    }
    return Transfers.to(this, from, Math.min(count, Math.max(0, size() - from)), target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
    checkOpen();
    if (!source.isOpen()) {
      throw new ClosedChannelException();
    }
    checkWritable();
    if (to < 0 || count < 0) {
      throw new IllegalArgumentException("Negative position or count");
    }
    if (to > size()) {
      return 0;
    }
    return Transfers.from(source, this, to, count);
  }

  /**
   * {@inheritDoc}
   *
   * @throws UnsupportedOperationException for {@link MapMode#READ_WRITE}: a store into memory
   *     cannot be sealed when it happens
   */
  @Override
  public MappedByteBuffer map(MapMode mode, long from, long size) throws IOException {
    checkOpen();
    Objects.requireNonNull(mode, "mode");
    checkPosition(from);
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("Size is negative or above Integer.MAX_VALUE");
    }
    if (from > Long.MAX_VALUE - size) {
      throw new IllegalArgumentException("Position + size overflow");
    }
    if (mode != MapMode.READ_ONLY && mode != MapMode.PRIVATE) {
      throw new UnsupportedOperationException(
          mode
              + " is not offered by a volume: what is stored into mapped memory cannot be sealed as"
              + " it is stored. Use read and write, or a READ_ONLY or PRIVATE mapping, which is a"
              + " verified copy");
    }
    if (mode == MapMode.PRIVATE) {
      checkWritable();
    }
    checkReadable();
    if (from + size > size()) {
      if (!settings.write()) {
        throw new IOException("Channel not open for writing - cannot extend file to required size");
      }
      synchronized (positionLock) {
        file.setSize(from + size);
      }
    }
    MappedByteBuffer copy = PrivateMapping.of(this, from, (int) size);
    return mode == MapMode.PRIVATE ? copy : (MappedByteBuffer) copy.asReadOnlyBuffer();
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) throws IOException {
    FileLock lock = tryLock(from, size, shared);
    blocking(() -> 0); // An interrupt counts here as well.
    return lock;
  }

  @Override
  public FileLock tryLock(long from, long size, boolean shared) throws IOException {
    checkOpen();
    if (shared) {
      checkReadable();
    } else {
      checkWritable();
    }
    return locks.lock(this, fileKey, from, size, shared);
  }

  /**
   * {@inheritDoc}
   *
   * <p>It must not wait for what is under way: who interrupts comes here with a lock of the
   * interrupted thread that this one asks for on its way to the host, in JDK 17 at least.
   */
  @Override
  protected void implCloseChannel() throws IOException {
    locks.releaseAll(fileKey, this);
    leave();
  }

  private void leave() throws IOException {
    if (users.decrementAndGet() == 0) {
      try {
        file.close();
      } finally {
        owner.closed(this);
      }
    }
  }
}
