package io.fspf.internal.file;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may be reading a file from front to back, and the pieces that are ahead of him.
 *
 * <p>Helpers first fetch all pieces, then open those that are furthest ahead: so they meet the
 * reader in the middle, whichever of the two is dear. Where no helper has come yet, the reader does
 * all himself.
 *
 * <p>Guarded by the lock of {@link ReadAhead}, but for what helpers do.
 */
final class Stream {
  /** What is fetched with one call of the host, unless one chunk is more. */
  private static final int PIECE_BYTES = 64 << 10;

  /** How much is ahead, unless one piece is more. */
  private static final int AHEAD_BYTES = 1024 << 10;

  private static final int MAX_HELPERS = 3;

  /** How long a helper stays without work: to wake one costs the reader some microseconds. */
  private static final long IDLE_NANOS = 50_000;

  private static final int MAX_PAUSE = 31;

  private static final long NAP_NANOS = 20_000;

  private static final Piece[] NONE = {};

  private final FileShape shape;
  private final ContentServices services;
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private long next = -1;
  private int streak;
  private long lastSeen;

  /** The pieces, for helpers. */
  private volatile Piece[] window = NONE;

  /** Pieces since the last plan; those of them that the reader had to read himself. */
  private int passed;

  private int late;

  /** How many plans helpers are left alone, and how many are left of that. */
  private int pause;

  private int rest;

  /** Helpers that were called. */
  private final AtomicInteger called = new AtomicInteger();

  /** Helpers that look at the pieces. */
  private final AtomicInteger working = new AtomicInteger();

  Stream(FileShape shape, ContentServices services) {
    this.shape = shape;
    this.services = services;
  }

  boolean isSequential() {
    return streak >= 2;
  }

  /** Whether he would go on here. */
  boolean isAt(long chunk) {
    return next >= 0 && next / shape.chunkSize() == chunk;
  }

  /** The time of his last read, on a clock that counts reads. */
  long lastSeen() {
    return lastSeen;
  }

  /** Another one begins to read. */
  void start(long chunk) {
    dropAll();
    next = -1;
    // Most who begin at the beginning go on.
    streak = chunk == 0 ? 1 : 0;
  }

  /** Whether there is something ahead of him. */
  boolean isAhead() {
    return !pieces.isEmpty();
  }

  /** He reads these bytes. */
  void goOn(long position, int total, long now, ReadAhead.Source source) throws IOException {
    if (next >= 0) {
      streak++;
    }
    next = position + total;
    lastSeen = now;
    if (!isSequential()) {
      return;
    }
    long here = position / shape.chunkSize();
    int left = 0;
    for (Piece piece = pieces.peek(); piece != null && piece.end() <= here; piece = pieces.peek()) {
      late += piece.isLost() ? 1 : 0;
      passed++;
      drop(pieces.remove());
    }
    for (Piece piece : pieces) {
      left += piece.length();
    }
    // Not a little with each read: helpers are to find enough to be worth waking.
    if (left <= AHEAD_BYTES / 2) {
      plan(left, source);
    }
  }

  private void plan(int left, ReadAhead.Source source) throws IOException {
    Piece last = pieces.peekLast();
    long from = last != null ? last.end() : (next + shape.chunkSize() - 1) / shape.chunkSize();
    int bytes = left;
    while (bytes < AHEAD_BYTES && services.mayReadAhead()) {
      int count = Math.min(source.row(from), Math.max(1, PIECE_BYTES / shape.chunkSize()));
      if (count == 0) {
        break;
      }
      var piece =
          new Piece(
              shape, services.buffers(), source.fileOf(from), source.groupOf(from), from, count);
      services.readAheadBytes().addAndGet(piece.length());
      pieces.add(piece);
      bytes += piece.length();
      from = piece.end();
    }
    if (bytes > left) {
      window = pieces.toArray(NONE);
      judgeHelpers();
      if (rest > 0) {
        rest--;
      } else {
        callHelpers();
      }
    }
  }

  private void drop(Piece piece) {
    services.readAheadBytes().addAndGet(-piece.length());
    piece.drop();
  }

  /** Lets go of all that is ahead. */
  void dropAll() {
    window = NONE;
    for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      drop(piece);
    }
  }

  /** The piece that has the chunk. While a helper is at work on it, we do what comes behind it. */
  @Nullable Piece pieceOf(long chunk) {
    for (Piece piece : pieces) {
      if (piece.has(chunk)) {
        if (piece.isBusy()) {
          fetchNext();
        }
        return piece;
      }
    }
    return null;
  }

  // ------------------------------------------------------------------------------------------
  // helpers

  /**
   * A helper who comes when most is done shares the reader's processor, and takes time from him: he
   * is called less and less often, until he comes in time.
   */
  private void judgeHelpers() {
    if (rest == 0 && passed > 0) {
      pause = late > passed / 2 ? Math.min(MAX_PAUSE, 2 * pause + 1) : 0;
      rest = pause;
    }
    late = 0;
    passed = 0;
  }

  private void callHelpers() {
    int missing = Math.min(MAX_HELPERS, services.helpers().count()) - called.get();
    for (int i = 0; i < missing; i++) {
      called.incrementAndGet();
      if (!services.helpers().offer(new FutureTask<>(this::help, true))) {
        called.decrementAndGet();
      }
    }
  }

  private void help() {
    try {
      long idleSince = System.nanoTime();
      while (window.length > 0 && System.nanoTime() - idleSince < IDLE_NANOS) {
        if (doNext()) {
          idleSince = System.nanoTime();
        } else {
          Thread.onSpinWait();
        }
      }
    } finally {
      called.decrementAndGet();
    }
  }

  private boolean doNext() {
    working.incrementAndGet();
    try {
      return fetchNext() || openLast();
    } finally {
      working.decrementAndGet();
    }
  }

  private boolean fetchNext() {
    for (Piece piece : window) {
      if (piece.fetch()) {
        return true;
      }
    }
    return false;
  }

  private boolean openLast() {
    Piece[] all = window;
    // The first one the reader is about to open himself.
    for (int i = all.length - 1; i > 0; i--) {
      if (all[i].open()) {
        return true;
      }
    }
    return false;
  }

  /** Lets go of all that is ahead; returns when no helper is at work on it. */
  void close() {
    dropAll();
    while (working.get() > 0) {
      Uninterruptibles.sleepUninterruptibly(NAP_NANOS, TimeUnit.NANOSECONDS);
    }
  }
}
