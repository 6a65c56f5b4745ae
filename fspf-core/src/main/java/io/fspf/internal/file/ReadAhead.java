package io.fspf.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gets ready, with the help of other threads, what whoever reads a file from front to back will
 * want next.
 *
 * <p>It knows a few readers by where they stopped. One that went on there twice is sequential, and
 * gets {@linkplain Stream a few pieces ahead}; one that jumps about costs a look at a table.
 *
 * <p>What is ahead counts only if the chunk's record is still the one that it was planned with. A
 * piece that could not be read is no piece: whoever reads the chunk itself learns why.
 *
 * <p>Thread-safe. Who finds it busy reads without it.
 */
final class ReadAhead {
  private static final int READERS = 4;

  /** Reads of others after which a sequential reader is taken to have ended. */
  private static final int PATIENCE = 1000;

  private final FileShape shape;
  private final ContentServices services;
  private final ReentrantLock lock = new ReentrantLock();
  private final Stream[] readers = new Stream[READERS];
  private long clock;
  private boolean closed;

  /** Whether there is anything ahead of anybody. */
  private volatile boolean ahead;

  /** What can be read ahead; under the content's lock. */
  interface Source {
    /** How many chunks from this one on can be fetched together; 0 if it is not stored. */
    int row(long chunk) throws IOException;

    ChunkGroup groupOf(long chunk) throws IOException;

    ChunkFile fileOf(long chunk) throws IOException;
  }

  ReadAhead(FileShape shape, ContentServices services) {
    this.shape = shape;
    this.services = services;
    for (int i = 0; i < READERS; i++) {
      readers[i] = new Stream(shape, services);
    }
  }

  /** Whether something may be ahead of somebody. */
  boolean isAhead() {
    return ahead;
  }

  /** Somebody reads these bytes: what comes behind them is got ready. */
  void note(long position, int total, Source source) throws IOException {
    if (!services.helpers().exist() || endsWithin(position, total) || !lock.tryLock()) {
      return;
    }
    try {
      Stream reader = closed ? null : readerAt(position);
      if (reader != null) {
        reader.goOn(position, total, ++clock, source);
        ahead = Arrays.stream(readers).anyMatch(Stream::isAhead);
      }
    } catch (IOException e) {
      // What lies ahead may never be asked for. Whoever asks for it learns what is wrong with it.
      return;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether a read neither leaves the chunk in which it begins nor reaches its end. Those are no
   * news: whoever goes on comes to the end, and for those who jump about the lock would be a place
   * where they meet.
   */
  private boolean endsWithin(long position, int total) {
    long end = position + total;
    return end / shape.chunkSize() == position / shape.chunkSize() && end < shape.size();
  }

  private @Nullable Stream readerAt(long position) {
    long chunk = position / shape.chunkSize();
    Stream oldest = null;
    for (Stream reader : readers) {
      if (reader.isAt(chunk)) {
        return reader;
      }
      // One that is at work is not given up for one that may be jumping about.
      boolean idle = !reader.isSequential() || clock - reader.lastSeen() > PATIENCE;
      if (idle && (oldest == null || reader.lastSeen() < oldest.lastSeen())) {
        oldest = reader;
      }
    }
    if (oldest != null) {
      oldest.start(chunk);
    }
    return oldest;
  }

  /**
   * Puts bytes of a chunk, and of those behind it, where they are wanted, if the chunk is ahead.
   *
   * @param file where the chunk stands now
   * @param group holds the chunk's present record
   * @param chunkLength the chunk's present length
   * @param wanted how many bytes are wanted from there on: a part of the chunk, or whole chunks
   *     none of which changed since they were stored
   * @return how many were put there; 0 if it is not ahead
   */
  int deliver(
      ChunkFile file,
      ChunkGroup group,
      long chunk,
      int chunkLength,
      int within,
      int wanted,
      ByteBuffer into)
      throws IOException {
    if (!lock.tryLock()) {
      return 0;
    }
    try {
      for (Stream reader : readers) {
        Piece piece = reader.pieceOf(chunk);
        if (piece != null) {
          int count = piece.deliver(file, group, chunk, chunkLength, within, wanted, into);
          if (count == 0) {
            reader.dropAll();
          }
          return count;
        }
      }
      return 0;
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of everything, for good; returns when nobody is at work. */
  void close() {
    lock.lock();
    try {
      closed = true;
      for (Stream reader : readers) {
        reader.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
