package io.fspf.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Opens, with the help of other threads, what whoever reads a file from front to back will want
 * next.
 *
 * <p>It knows a few readers by where they stopped. One that went on there twice is sequential, and
 * gets a few pieces ahead; one that jumps about costs a look at a table. A piece that no helper has
 * begun is opened by the reader himself, as it is while he waits for the one before.
 *
 * <p>What is ahead counts only if the chunk's record is still the one that it was verified against.
 * A piece that could not be opened is no piece: whoever reads the chunk itself learns why.
 *
 * <p>Thread-safe. Who finds it busy reads without it.
 */
final class ReadAhead {
  /** How many pieces are ahead of a reader. */
  private static final int PIECES = 3;

  /** Above this, no further piece. */
  private static final int MAX_BYTES = 1 << 20;

  private static final int READERS = 4;

  /** Reads of others after which a sequential reader is taken to have ended. */
  private static final int PATIENCE = 1000;

  private final FileShape shape;
  private final ContentServices services;
  private final ReentrantLock lock = new ReentrantLock();
  private final Reader[] readers = new Reader[READERS];
  private long clock;
  private boolean closed;

  /** Whether there is anything ahead of anybody. */
  private volatile boolean ahead;

  /** What can be read ahead; under the content's lock. */
  interface Source {
    /** How many chunks from this one on can be opened together; 0 if it is not stored. */
    int row(long chunk) throws IOException;

    ChunkGroup groupOf(long chunk) throws IOException;

    ChunkFile fileOf(long chunk) throws IOException;
  }

  /** Chunks on their way, or here. */
  private final class Piece {
    private final ChunkFile file;
    private final ChunkGroup group;
    private final long first;
    private final int count;
    private final int length;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final FutureTask<byte @Nullable []> task = new FutureTask<>(this::open);

    Piece(ChunkFile file, ChunkGroup group, long first, int count) {
      this.file = file;
      this.group = group;
      this.first = first;
      this.count = count;
      this.length = shape.length(first, count);
    }

    private byte @Nullable [] open() throws IOException {
      if (!begun.compareAndSet(false, true) || !file.tryRetain()) {
        return null;
      }
      try (file) {
        return file.read(shape.path(), group, first, length);
      } catch (IOException e) {
        return null;
      }
    }

    long end() {
      return first + count;
    }

    boolean has(long chunk) {
      return chunk >= first && chunk < end();
    }

    /** Whether it holds this version of the chunk. */
    boolean isOf(ChunkGroup now, long chunk, int chunkLength) {
      return Math.min(shape.chunkSize(), length - offset(chunk)) == chunkLength
          && now.hasRecordOf(group, chunk);
    }

    int offset(long chunk) {
      return Math.toIntExact((chunk - first) * shape.chunkSize());
    }

    /** Takes it back, if nobody has begun it. */
    boolean takeBack() {
      if (!begun.compareAndSet(false, true)) {
        return false;
      }
      services.readAheadBytes().addAndGet(-length);
      task.cancel(false);
      return true;
    }

    void drop() throws IOException {
      if (!takeBack()) {
        services.readAheadBytes().addAndGet(-length);
        byte[] bytes = Helpers.outcome(task);
        if (bytes != null) {
          services.buffers().give(bytes);
        }
      }
    }
  }

  /** Somebody who reads, and what is ahead of him. */
  private static final class Reader {
    private long next = -1;
    private int streak;
    private long lastSeen;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();

    boolean isSequential() {
      return streak >= 2;
    }

    /** With large chunks one piece is enough. */
    boolean hasRoom() {
      return pieces.stream().mapToLong(piece -> piece.length).sum() < MAX_BYTES;
    }

    void start(long chunk) throws IOException {
      dropAll();
      // Most who begin at the beginning go on.
      streak = chunk == 0 ? 1 : 0;
    }

    void dropAll() throws IOException {
      for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
        piece.drop();
      }
    }
  }

  ReadAhead(FileShape shape, ContentServices services) {
    this.shape = shape;
    this.services = services;
    for (int i = 0; i < READERS; i++) {
      readers[i] = new Reader();
    }
  }

  /** Somebody reads these bytes: what comes behind them is got ready. */
  void note(long position, int total, Source source) throws IOException {
    if (!services.helpers().exist() || endsWithin(position, total) || !lock.tryLock()) {
      return;
    }
    try {
      Reader reader = readerAt(position);
      if (closed || reader == null) {
        return;
      }
      reader.next = position + total;
      reader.lastSeen = ++clock;
      if (reader.isSequential()) {
        goOn(reader, position, total, source);
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

  private @Nullable Reader readerAt(long position) throws IOException {
    long chunk = position / shape.chunkSize();
    Reader oldest = null;
    for (Reader reader : readers) {
      if (reader.next >= 0 && reader.next / shape.chunkSize() == chunk) {
        reader.streak++;
        return reader;
      }
      // One that is at work is not given up for one that may be jumping about.
      boolean idle = !reader.isSequential() || clock - reader.lastSeen > PATIENCE;
      if (idle && (oldest == null || reader.lastSeen < oldest.lastSeen)) {
        oldest = reader;
      }
    }
    if (oldest != null) {
      oldest.start(chunk);
    }
    return oldest;
  }

  private void goOn(Reader reader, long position, int total, Source source) throws IOException {
    long here = position / shape.chunkSize();
    Piece behind = reader.pieces.peekFirst();
    while (behind != null && behind.end() <= here) {
      reader.pieces.removeFirst().drop();
      behind = reader.pieces.peekFirst();
    }
    Piece last = reader.pieces.peekLast();
    long from =
        last != null ? last.end() : (position + total + shape.chunkSize() - 1) / shape.chunkSize();
    while (reader.pieces.size() < PIECES && reader.hasRoom()) {
      int count = services.mayReadAhead() ? source.row(from) : 0;
      if (count == 0) {
        break;
      }
      var piece = new Piece(source.fileOf(from), source.groupOf(from), from, count);
      reader.pieces.addLast(piece);
      offer(piece);
      from = piece.end();
    }
  }

  private void offer(Piece piece) {
    services.readAheadBytes().addAndGet(piece.length);
    ahead = true;
    services.helpers().offer(piece.task);
  }

  /**
   * Puts bytes of a chunk where they are wanted, if the chunk is ahead.
   *
   * @param group holds the chunk's present record
   * @param chunkLength the chunk's present length
   * @param wanted how many bytes are wanted from there on
   * @return false if it is not, or if nobody has begun it: it is opened with the least effort where
   *     it is wanted
   */
  boolean copy(
      ChunkGroup group, long chunk, int chunkLength, int within, int wanted, ByteBuffer into)
      throws IOException {
    if (!ahead || !lock.tryLock()) {
      return false;
    }
    try {
      for (Reader reader : readers) {
        for (Piece piece : reader.pieces) {
          if (piece.has(chunk)) {
            boolean whole = within == 0 && wanted >= chunkLength;
            if (whole && piece == reader.pieces.peekFirst() && piece.takeBack()) {
              shorten(reader, chunk + Math.max(1, wanted / shape.chunkSize()));
              return false;
            }
            byte[] bytes = piece.isOf(group, chunk, chunkLength) ? open(reader, piece) : null;
            if (bytes == null) {
              reader.dropAll();
              return false;
            }
            int count = Math.min(wanted, chunkLength - within);
            into.put(bytes, piece.offset(chunk) + within, count);
            return true;
          }
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** In the place of the first piece, which was taken back, comes what of it lies behind. */
  private void shorten(Reader reader, long from) {
    Piece piece = reader.pieces.removeFirst();
    if (from < piece.end()) {
      var rest = new Piece(piece.file, piece.group, from, (int) (piece.end() - from));
      reader.pieces.addFirst(rest);
      offer(rest);
    }
  }

  private static byte @Nullable [] open(Reader reader, Piece piece) throws IOException {
    if (piece.begun.get() && !piece.task.isDone()) {
      // A helper has it. Meanwhile we do what comes behind it.
      for (Piece other : reader.pieces) {
        if (!other.begun.get()) {
          other.task.run();
          break;
        }
      }
    }
    return Helpers.outcome(piece.task);
  }

  /** Lets go of everything, for good; returns when nobody is at work. */
  void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      for (Reader reader : readers) {
        reader.dropAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
