package io.fspf.internal.host;

import com.google.common.collect.ImmutableSet;
import io.fspf.internal.host.HostAttributes.Kind;
import io.fspf.internal.host.HostDirectory.Mode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A file on a {@link FileChannel} that survives interrupts.
 *
 * <p>An interrupt closes a channel under all its users. Whoever notices opens the same file again,
 * by the name that it has now, makes sure that it is the same, and goes on; reading, writing and
 * cutting at given positions may all be done twice. Syncing may not (see {@link Uninterrupted}), so
 * it has a channel of its own.
 */
final class NioFile implements HostFile {
  /**
   * The JDK copies heap arrays through a direct buffer of the call's size that it keeps per thread;
   * this bounds it.
   */
  private static final int PIECE = 1 << 20;

  private static final int ATTEMPTS = 100;

  private final FileId id;
  private final boolean writable;

  /** Writers share it; a change of the size, which is two steps, has it alone. */
  private final ReadWriteLock sizeLock = new ReentrantReadWriteLock();

  private final Object syncMonitor = new Object();

  private volatile Path path;
  private volatile FileChannel channel;
  private volatile boolean closed;
  private @Nullable FileChannel syncChannel;
  private @Nullable IOException syncFailure;

  private NioFile(Path path, FileId id, boolean writable, FileChannel channel) {
    this.path = path;
    this.id = id;
    this.writable = writable;
    this.channel = channel;
  }

  static NioFile open(Path path, Mode mode) throws IOException {
    boolean writable = mode != Mode.READ;
    NioFile file;
    if (mode == Mode.CREATE) {
      FileChannel channel = createChannel(path);
      try {
        file = new NioFile(path, NioAttributes.id(path), true, channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } else {
      file = openExisting(path, writable);
    }
    OpenFiles.add(file);
    return file;
  }

  private static NioFile openExisting(Path path, boolean writable) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      FileId id = regularFile(path);
      FileChannel parked = NioLocks.unpark(id, writable);
      if (parked != null) {
        return new NioFile(path, id, writable, parked);
      }
      FileChannel channel = openChannel(path, writable);
      if (id.equals(NioAttributes.id(path))) {
        return new NioFile(path, id, writable, channel);
      }
      NioLocks.closeUnknown(channel);
    }
    throw new FileSystemException(
        path.toString(), null, "replaced again and again while it was being opened");
  }

  /**
   * The identity of the regular file at {@code path}. Asked before every open, since opening a FIFO
   * would wait for its other end, for as long as {@link FifoWatch} allows.
   *
   * @throws FileSystemException if it is something else
   */
  static FileId regularFile(Path path) throws IOException {
    NioAttributes.Identity file = NioAttributes.identity(path, LinkOption.NOFOLLOW_LINKS);
    if (file.kind() != Kind.REGULAR) {
      throw new FileSystemException(path.toString(), null, "not a regular file");
    }
    return file.id();
  }

  static FileChannel openChannel(Path path, boolean writable) throws IOException {
    // With both ends a FIFO opens at once.
    return writable
        ? openChannel(path, ImmutableSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE))
        : FifoWatch.during(path, () -> openChannel(path, ImmutableSet.of(StandardOpenOption.READ)));
  }

  private static FileChannel createChannel(Path path) throws IOException {
    Set<OpenOption> options =
        ImmutableSet.of(
            StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? openChannel(
            path,
            options,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : openChannel(path, options);
  }

  private static FileChannel openChannel(
      Path path, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException {
    var notFollowing =
        ImmutableSet.<OpenOption>builder().addAll(options).add(LinkOption.NOFOLLOW_LINKS).build();
    try {
      try {
        return FileChannel.open(path, notFollowing, attributes);
      } catch (IllegalArgumentException | UnsupportedOperationException e) {
        // Providers without symbolic links (archives) do not know the option.
        return FileChannel.open(path, options, attributes);
      }
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      var wrapped =
          new FileSystemException(path.toString(), null, "the host's provider cannot open it");
      wrapped.initCause(e);
      throw wrapped;
    }
  }

  FileId id() {
    return id;
  }

  /** The file has a new name. */
  void renamed(Path to) {
    path = to;
  }

  @Override
  public int read(long position, byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    int done = 0;
    while (done < length) {
      int piece = Math.min(PIECE, length - done);
      int start = offset + done;
      long at = position + done;
      // A buffer for each try: an interrupt may hide that bytes have come.
      int count = run(c -> c.read(ByteBuffer.wrap(into, start, piece), at));
      if (count < 0) {
        break;
      }
      done += count;
    }
    return done;
  }

  @Override
  public void write(long position, byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    sizeLock.readLock().lock();
    try {
      NioLocks.checkNotLost(id, path);
      int done = 0;
      while (done < length) {
        int piece = Math.min(PIECE, length - done);
        int start = offset + done;
        long at = position + done;
        done += run(c -> c.write(ByteBuffer.wrap(from, start, piece), at));
      }
    } finally {
      sizeLock.readLock().unlock();
    }
  }

  @Override
  public long size() throws IOException {
    return run(FileChannel::size);
  }

  @Override
  public void setSize(long size) throws IOException {
    if (size < 0) {
      throw new IllegalArgumentException("negative size");
    }
    sizeLock.writeLock().lock();
    try {
      NioLocks.checkNotLost(id, path);
      if (run(FileChannel::size) >= size) {
        run(c -> c.truncate(size));
      } else {
        run(c -> c.write(ByteBuffer.wrap(new byte[1]), size - 1));
      }
    } finally {
      sizeLock.writeLock().unlock();
    }
  }

  @Override
  public void sync() throws IOException {
    synchronized (syncMonitor) {
      if (closed) {
        throw new ClosedChannelException();
      }
      if (syncFailure != null) {
        throw new IOException("An earlier sync of this file failed", syncFailure);
      }
      try {
        FileChannel target = syncChannel();
        Uninterrupted.call(
            () -> {
              target.force(false);
              return true;
            });
      } catch (IOException e) {
        syncFailure = e;
        throw e;
      }
    }
  }

  @Override
  public void closeDurably() throws IOException {
    synchronized (syncMonitor) {
      boolean alone = syncChannel == null && syncFailure == null;
      try (this) {
        if (alone && !closed) {
          // Nobody shares the channel, and if an interrupt closed it, that is a failure: so it
          // needs
          // neither a second channel nor another thread.
          channel.force(false);
        } else {
          sync();
        }
      }
    }
  }

  private FileChannel syncChannel() {
    if (syncChannel == null) {
      try {
        syncChannel = OpenFiles.reopen(this::openSame);
      } catch (IOException e) {
        // The file has lost its name, or another process has renamed it.
        return channel;
      }
    }
    return syncChannel;
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    OpenFiles.remove(this);
    synchronized (syncMonitor) {
      try {
        NioLocks.close(id, channel, writable);
      } finally {
        if (syncChannel != null) {
          NioLocks.close(id, syncChannel, writable);
        }
      }
    }
  }

  @FunctionalInterface
  private interface Action<T> {
    T on(FileChannel channel) throws IOException;
  }

  private <T> T run(Action<T> action) throws IOException {
    // With the status set, the call would close the channel at once.
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        FileChannel current = channel;
        if (closed) {
          throw new ClosedChannelException();
        }
        try {
          return action.on(current);
        } catch (ClosedChannelException e) {
          interrupted |= Thread.interrupted();
          replace(current);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void replace(FileChannel stale) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (channel == stale) {
      channel = OpenFiles.reopen(this::openSame);
      // The interrupt closed a descriptor of the file, and with it this process lost the lock, if
      // it had one.
      NioLocks.reassert(id);
    }
  }

  private FileChannel openSame() throws IOException {
    Path now = path;
    NioFile same = openExisting(now, writable);
    if (!same.id.equals(id)) {
      NioLocks.close(same.id, same.channel, writable);
      throw new FileSystemException(now.toString(), null, "replaced while it was open");
    }
    return same.channel;
  }
}
