package io.fspf.internal.tree;

import com.google.common.hash.Hasher;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The end of the file: appends, pads with zeros in steps, syncs, and knows what is durable.
 *
 * <p>After the first failure it refuses everything: what the host kept of a failed write or sync is
 * unknown (the pages may be dropped, and a second sync may then succeed without them). Not
 * thread-safe; the log's lock guards it.
 */
final class Appender {
  /** Appended bytes are kept back until there are so many. */
  private static final int WRITE_SIZE = 1 << 20;

  /** The most bytes that a commit's tail covers; where there are more, they are synced before. */
  private static final int MAX_TAIL = 1 << 20;

  /** What a small commit writes at most, with the zeros behind it. */
  private static final int SMALL_WRITE = 64 << 10;

  private final HostFile file;
  private byte[] pending = new byte[16 << 10];
  private int pendingLength;

  /** The end of what was appended, written or pending. */
  private long end;

  /** Everything before was durable when the last sync returned. */
  private long durable;

  /** The file's size: zeros from the end on. */
  private long allocated;

  /** Has taken in what was appended since the last sync, while that is short enough for a tail. */
  private @Nullable Hasher tail = Sha256.hasher();

  /** Whether nothing but zeros stands behind the end, and all before it is durable. */
  private boolean secured;

  private volatile @Nullable Throwable failure;

  private Appender(HostFile file, long end, long allocated, boolean secured) {
    this.file = file;
    this.end = end;
    this.durable = end;
    this.allocated = allocated;
    this.secured = secured;
  }

  /** For an empty file. */
  static Appender forNew(HostFile file) {
    return new Appender(file, 0, 0, true);
  }

  /**
   * For a file that ends, as far as it counts, at {@code end}.
   *
   * @param clean whether only zeros stand behind, so that the space can be used
   */
  static Appender forExisting(HostFile file, long end, boolean clean) throws IOException {
    return new Appender(file, end, clean ? Math.max(end, file.size()) : -1, false);
  }

  /** What must not go wrong half-way. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws IOException;
  }

  /**
   * Runs a step that appends; if it fails, the log has failed.
   *
   * @throws IOException the step's, or because an earlier one failed
   */
  <T> T run(Step<T> appending) throws IOException {
    Throwable earlier = failure;
    if (earlier != null) {
      throw new IOException(
          "The volume's metadata file cannot be written since an earlier failure", earlier);
    }
    try {
      secure();
      return appending.run();
    } catch (Throwable e) {
      failure = e;
      throw e;
    }
  }

  boolean hasFailed() {
    return failure != null;
  }

  /**
   * Before the first append to an existing file: cuts off what a crash, or the host, left behind
   * the head, and makes the head durable. It may have been found in the page cache only, and a tail
   * covers nothing before it.
   */
  private void secure() throws IOException {
    if (secured) {
      return;
    }
    if (allocated < 0) {
      file.setSize(end);
      allocated = end;
    }
    file.sync();
    secured = true;
  }

  /** Where the next frame is going to stand. */
  long end() {
    return end;
  }

  void append(byte[] frame) throws IOException {
    if (pendingLength + frame.length > WRITE_SIZE) {
      flush(false);
    }
    if (pendingLength + frame.length > pending.length) {
      int size = Math.max(pendingLength + frame.length, Math.min(2 * pending.length, WRITE_SIZE));
      pending = Arrays.copyOf(pending, size);
    }
    System.arraycopy(frame, 0, pending, pendingLength, frame.length);
    pendingLength += frame.length;
    end += frame.length;
    if (end - durable > MAX_TAIL) {
      tail = null;
    } else if (tail != null) {
      tail.putBytes(frame);
    }
  }

  /**
   * Writes what is pending.
   *
   * @param reserve whether to add zeros when the file has to grow: a sync after a write within the
   *     file's size is cheaper than after one that extends it. As much as is written, but so much
   *     at least that several small commits find room
   */
  void flush(boolean reserve) throws IOException {
    long from = end - pendingLength;
    int length = pendingLength;
    if (reserve && end > allocated) {
      length += Math.max(length, SMALL_WRITE - length);
      if (length > pending.length) {
        pending = Arrays.copyOf(pending, length);
      }
      Arrays.fill(pending, pendingLength, length, (byte) 0);
    }
    if (length > 0) {
      file.write(from, pending, 0, length);
    }
    allocated = Math.max(allocated, from + length);
    pendingLength = 0;
    if (pending.length > WRITE_SIZE) {
      pending = new byte[WRITE_SIZE];
    }
  }

  /**
   * Gives reserved space back, durably, so that what is appended next ends the file: behind a
   * commit that says that no writer is at work, also zeros are somebody else's.
   */
  void release() throws IOException {
    long written = end - pendingLength;
    if (allocated > written) {
      file.setSize(written);
      allocated = written;
      file.sync();
    }
  }

  /** Makes all that was appended durable. */
  void sync() throws IOException {
    file.sync();
    durable = end;
    tail = Sha256.hasher();
  }

  /**
   * The digest of what a commit frame that is appended next covers before it, and its length in
   * {@link #tailLength}. Syncs first where that is too much.
   */
  Hasher beginCommit() throws IOException {
    Hasher hasher = tail;
    if (hasher == null) {
      flush(false);
      sync();
      hasher = Sha256.hasher();
    }
    // The hasher is spent with the commit: the sync behind it brings the next.
    tail = null;
    return hasher;
  }

  int tailLength() {
    return (int) (end - durable);
  }

  /** Cuts off what stands behind {@code keep}: reserved zeros, and what no commit covers. */
  void trim(long keep) throws IOException {
    if (failure == null && secured && allocated > keep) {
      file.setSize(keep);
      allocated = keep;
    }
  }
}
