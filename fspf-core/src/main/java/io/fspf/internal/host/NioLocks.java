package io.fspf.internal.host;

import io.fspf.VolumeLockedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The locks that this JVM holds on files of its hosts.
 *
 * <p>Between processes a lock is the kernel's record lock (POSIX {@code fcntl}) on the file itself.
 * It ends with the process, however that ends, so a killed holder never leaves a stale lock. But it
 * belongs to the process as a whole, and the process loses it as soon as it closes <em>any</em>
 * descriptor of the file. Hence this table, which
 *
 * <ul>
 *   <li>keeps holders within this JVM apart,
 *   <li>keeps ("parks") channels of a locked file that are closed, until the lock is released, and
 *       hands them out again,
 *   <li>takes the lock again where a descriptor was closed behind its back: by an interrupt, or
 *       inside the JDK. Should another process have been faster, the lock is lost, and writing to
 *       the file is refused from then on.
 * </ul>
 *
 * <p>A class loader's copy of this library has a table of its own; there the JDK's own check keeps
 * the holders apart.
 */
final class NioLocks {
  private static final int ATTEMPTS = 100;

  private static final Map<FileId, Holding> HELD = new HashMap<>();
  private static volatile boolean anyHeld;

  private NioLocks() {}

  private record Parked(FileChannel channel, boolean writable) {}

  private static final class Holding {
    final FileChannel channel;
    final boolean exclusive;
    final List<Parked> parked = new ArrayList<>();
    FileLock lock;
    int holders = 1;
    boolean lost;

    Holding(FileChannel channel, FileLock lock, boolean exclusive) {
      this.channel = channel;
      this.lock = lock;
      this.exclusive = exclusive;
    }
  }

  /** Locks the file at {@code path}, which messages call {@code name}. */
  static HostLock lock(Path path, String name, boolean exclusive) throws IOException {
    synchronized (HELD) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        FileId id = NioFile.regularFile(path);
        Holding held = HELD.get(id);
        if (held != null) {
          if (exclusive || held.exclusive || held.lost) {
            throw new VolumeLockedException(name + " is in use by this process");
          }
          held.holders++;
          return new Held(id, held);
        }
        HostLock lock = tryLock(path, id, name, exclusive);
        if (lock != null) {
          return lock;
        }
      }
      throw new FileSystemException(
          path.toString(), null, "replaced again and again while it was being locked");
    }
  }

  /**
   * Null where the path led to another file in the meantime: a compaction renames a new file over
   * the old one.
   */
  private static @Nullable HostLock tryLock(Path path, FileId id, String name, boolean exclusive)
      throws IOException {
    FileChannel channel = NioFile.openChannel(path, exclusive);
    boolean keep = false;
    boolean same = false;
    try {
      same = id.equals(NioFile.regularFile(path));
      if (!same) {
        return null;
      }
      FileLock lock = kernelLock(channel, exclusive);
      if (lock == null) {
        throw new VolumeLockedException(name + " is in use by " + LockHolders.describe(path));
      }
      if (!id.equals(NioFile.regularFile(path))) {
        return null;
      }
      var holding = new Holding(channel, lock, exclusive);
      HELD.put(id, holding);
      anyHeld = true;
      keep = true;
      return new Held(id, holding);
    } catch (OverlappingFileLockException e) {
      throw new VolumeLockedException(name + " is in use by this process");
    } finally {
      if (!keep) {
        if (same) {
          channel.close();
        } else {
          closeUnknown(channel);
        }
      }
    }
  }

  private static @Nullable FileLock kernelLock(FileChannel channel, boolean exclusive)
      throws IOException {
    var lock = new FileLock[1];
    Uninterrupted.call(
        () -> {
          lock[0] = channel.tryLock(0, Long.MAX_VALUE, !exclusive);
          return true;
        });
    return lock[0];
  }

  /** Closes a channel of the file, or parks it while this JVM holds a lock on the file. */
  static void close(FileId id, FileChannel channel, boolean writable) throws IOException {
    if (anyHeld) {
      synchronized (HELD) {
        Holding held = HELD.get(id);
        if (held != null && channel.isOpen()) {
          held.parked.add(new Parked(channel, writable));
          return;
        }
      }
    }
    channel.close();
  }

  /**
   * Closes a channel of which only its own open knows the file: it may be one that this JVM holds.
   */
  static void closeUnknown(FileChannel channel) throws IOException {
    synchronized (HELD) {
      channel.close();
      for (FileId id : HELD.keySet()) {
        reassert(id);
      }
    }
  }

  /** A parked channel of the file, if there is one. */
  static @Nullable FileChannel unpark(FileId id, boolean writable) {
    if (anyHeld) {
      synchronized (HELD) {
        Holding held = HELD.get(id);
        if (held != null) {
          for (Iterator<Parked> i = held.parked.iterator(); i.hasNext(); ) {
            Parked parked = i.next();
            if (parked.writable == writable && parked.channel.isOpen()) {
              i.remove();
              return parked.channel;
            }
          }
        }
      }
    }
    return null;
  }

  /** Whether this JVM holds any lock: a cheap test before the costly ones. */
  static boolean anyHeld() {
    return anyHeld;
  }

  /**
   * Takes the kernel's lock again, where this JVM holds the file, after a descriptor of the file
   * may have been closed.
   */
  static void reassert(FileId id) throws IOException {
    if (!anyHeld) {
      return;
    }
    synchronized (HELD) {
      Holding held = HELD.get(id);
      if (held == null || held.lost) {
        return;
      }
      held.lost = true;
      held.lock.release();
      FileLock lock = kernelLock(held.channel, held.exclusive);
      if (lock != null) {
        held.lock = lock;
        held.lost = false;
      }
    }
  }

  /** Refuses to go on where this JVM believed to hold the file and another process has taken it. */
  static void checkNotLost(FileId id, Path path) throws IOException {
    if (!anyHeld) {
      return;
    }
    synchronized (HELD) {
      Holding held = HELD.get(id);
      if (held != null && held.lost) {
        Path fileName = path.getFileName();
        throw new VolumeLockedException("The lock on " + fileName + " was lost to another process");
      }
    }
  }

  private static final class Held implements HostLock {
    private final FileId id;
    private final Holding holding;
    private boolean closed;

    Held(FileId id, Holding holding) {
      this.id = id;
      this.holding = holding;
    }

    @Override
    public void close() throws IOException {
      synchronized (HELD) {
        if (closed) {
          return;
        }
        closed = true;
        holding.holders--;
        if (holding.holders > 0) {
          return;
        }
        HELD.remove(id);
        anyHeld = !HELD.isEmpty();
        // Closing releases the lock.
        holding.channel.close();
        for (Parked parked : holding.parked) {
          parked.channel.close();
        }
      }
    }
  }
}
