package io.fspf.nio;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The file locks of one file system. As in the JDK they belong to the whole virtual machine: one
 * that overlaps another is refused, never waited for. Other processes are kept out by the volume's
 * own lock. Thread-safe.
 */
final class LockTable {
  private final Map<Object, List<Held>> locks = new HashMap<>();

  /**
   * Locks a part of a file.
   *
   * @param file the file, by its key
   * @throws OverlappingFileLockException if a lock overlaps it
   */
  FileLock lock(FileChannel channel, Object file, long position, long size, boolean shared) {
    return add(file, new Held(this, file, channel, position, extent(position, size), shared));
  }

  /** The same for the other kind of channel. */
  FileLock lock(
      AsynchronousFileChannel channel, Object file, long position, long size, boolean shared) {
    return add(file, new Held(this, file, channel, position, extent(position, size), shared));
  }

  /** Since JDK 19 or so a size of zero means up to the largest position. */
  private static long extent(long position, long size) {
    if (size != 0 || Runtime.version().feature() < 20) {
      return size;
    }
    return Long.MAX_VALUE - Math.max(0, position);
  }

  private synchronized Held add(Object file, Held lock) {
    List<Held> others = locks.computeIfAbsent(file, key -> new ArrayList<>());
    for (Held other : others) {
      if (other.overlaps(lock.position(), lock.size())) {
        throw new OverlappingFileLockException();
      }
    }
    others.add(lock);
    return lock;
  }

  private synchronized void remove(Held lock) {
    List<Held> others = locks.get(lock.file);
    if (others != null) {
      others.remove(lock);
      if (others.isEmpty()) {
        locks.remove(lock.file);
      }
    }
  }

  /** Releases what a channel holds that is being closed. */
  synchronized void releaseAll(Object file, Channel channel) {
    List<Held> others = locks.get(file);
    if (others != null) {
      others.removeIf(
          lock -> {
            boolean its = lock.acquiredBy() == channel;
            if (its) {
              lock.valid = false;
            }
            return its;
          });
      if (others.isEmpty()) {
        locks.remove(file);
      }
    }
  }

  /** One lock. */
  private static final class Held extends FileLock {
    private final LockTable table;
    private final Object file;
    private volatile boolean valid = true;

    Held(
        LockTable table,
        Object file,
        FileChannel channel,
        long position,
        long size,
        boolean shared) {
      super(channel, position, size, shared);
      this.table = table;
      this.file = file;
    }

    Held(
        LockTable table,
        Object file,
        AsynchronousFileChannel channel,
        long position,
        long size,
        boolean shared) {
      super(channel, position, size, shared);
      this.table = table;
      this.file = file;
    }

    @Override
    public boolean isValid() {
      return valid;
    }

    @Override
    public void release() throws IOException {
      if (!acquiredBy().isOpen()) {
        throw new ClosedChannelException();
      }
      if (valid) {
        valid = false;
        table.remove(this);
      }
    }
  }
}
