package io.fspf.internal.file;

import io.fspf.IntegrityException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring chunks that are got ready for a reader before he asks for them.
 *
 * <p>First their stored bytes are fetched from the host, into memory of our own. They are verified
 * in a second step: by the reader, who has the clear bytes put straight to where he wants them, or
 * before he comes, in their place. Each step is done by whoever claims it first. What fails leaves
 * nothing: whoever reads the chunks themselves learns why.
 *
 * <p>{@link #fetch} and {@link #open} are for any thread, all else is for one reader at a time.
 */
final class Piece {
  private enum State {
    PLANNED,
    FETCHING,
    FETCHED,
    OPENING,
    OPEN,
    /** Whoever is at work on it works for nobody. */
    ABANDONED,
    LOST
  }

  /**
   * How long the reader waits for a helper: a chunk takes less. One that takes longer has lost its
   * processor to somebody else, maybe for milliseconds.
   */
  private static final long PATIENCE_NANOS = 50_000;

  private final FileShape shape;
  private final BufferPool buffers;
  private final ChunkFile file;
  private final ChunkGroup group;
  private final long first;
  private final int count;
  private final int length;
  private final AtomicReference<State> state = new AtomicReference<>(State.PLANNED);

  /** Belongs to whoever is at work, then to the reader. */
  private byte @Nullable [] bytes;

  /** Chunks of one group that stand in a row. */
  Piece(
      FileShape shape,
      BufferPool buffers,
      ChunkFile file,
      ChunkGroup group,
      long first,
      int count) {
    this.shape = shape;
    this.buffers = buffers;
    this.file = file;
    this.group = group;
    this.first = first;
    this.count = count;
    this.length = shape.length(first, count);
  }

  int length() {
    return length;
  }

  /** The first chunk behind it. */
  long end() {
    return first + count;
  }

  boolean has(long chunk) {
    return chunk >= first && chunk < end();
  }

  // ------------------------------------------------------------------------------------------
  // steps

  /** Fetches it from the host; does nothing and returns false if somebody has claimed that. */
  boolean fetch() {
    return step(
        State.PLANNED,
        State.FETCHING,
        State.FETCHED,
        () -> {
          byte[] stored = buffers.take(length);
          bytes = stored;
          return file.fetch(group, first, length, stored) == length;
        });
  }

  /** Opens it in its place; does nothing and returns false if it is not time or claimed. */
  boolean open() {
    return step(
        State.FETCHED,
        State.OPENING,
        State.OPEN,
        () -> {
          byte[] stored = present();
          file.recover(shape.path(), group, first, length, stored, 0, stored, 0);
          return true;
        });
  }

  private interface Step {
    boolean run() throws IOException;
  }

  private boolean step(State from, State busy, State to, Step step) {
    if (!state.compareAndSet(from, busy)) {
      return false;
    }
    boolean done = false;
    try {
      if (file.tryRetain()) {
        try (file) {
          done = step.run();
        }
      }
    } catch (IOException e) {
      done = false;
    } finally {
      if (!done || !state.compareAndSet(busy, to)) {
        lose();
      }
    }
    return true;
  }

  /** By the only one who has it. */
  private void lose() {
    byte[] mine = bytes;
    bytes = null;
    state.set(State.LOST);
    if (mine != null) {
      buffers.give(mine);
    }
  }

  private byte[] present() {
    if (bytes == null) {
      throw new IllegalStateException("Nothing was fetched");
    }
    return bytes;
  }

  // ------------------------------------------------------------------------------------------
  // the reader's part

  /** Whether another thread is at work on it. */
  boolean isBusy() {
    return isBusy(state.get());
  }

  private static boolean isBusy(@Nullable State state) {
    return state == State.FETCHING || state == State.OPENING;
  }

  /** Whether there is nothing in it: the reader was the first to come, or it failed. */
  boolean isLost() {
    return state.get() == State.LOST;
  }

  private void await() {
    if (isBusy()) {
      long start = System.nanoTime();
      while (isBusy() && System.nanoTime() - start < PATIENCE_NANOS) {
        Thread.onSpinWait();
      }
    }
  }

  /** Whether it holds this version of a chunk. */
  private boolean isOf(ChunkGroup now, long chunk, int chunkLength) {
    return Math.min(shape.chunkSize(), length - offset(chunk)) == chunkLength
        && now.hasRecordOf(group, chunk);
  }

  private int offset(long chunk) {
    return Math.toIntExact((chunk - first) * shape.chunkSize());
  }

  /**
   * Puts bytes where they are wanted, from some place in a chunk on.
   *
   * @param from where the chunk stands now
   * @param now holds the chunk's present record
   * @param chunkLength the chunk's present length
   * @param wanted how many bytes are wanted from there on: a part of the chunk, or whole chunks
   *     none of which changed since they were stored
   * @return how many were put there, not more than up to the piece's end; 0 if they are not to be
   *     had from here
   */
  int deliver(
      ChunkFile from,
      ChunkGroup now,
      long chunk,
      int chunkLength,
      int within,
      int wanted,
      ByteBuffer into)
      throws IOException {
    if (!isOf(now, chunk, chunkLength)) {
      return 0;
    }
    int offset = offset(chunk);
    if (within == 0 && wanted >= chunkLength && into.hasArray()) {
      int whole = now == group ? Math.min(length - offset, wanted) : chunkLength;
      if (openInto(from, now, chunk, whole, into.array(), into.arrayOffset() + into.position())) {
        into.position(into.position() + whole);
        return whole;
      }
    }
    fetch();
    await();
    open();
    await();
    if (state.get() != State.OPEN) {
      return 0;
    }
    int there = Math.min(wanted, chunkLength - within);
    into.put(present(), offset + within, there);
    return there;
  }

  /** Opens chunks where they are wanted, unless they were opened before. */
  private boolean openInto(
      ChunkFile from, ChunkGroup now, long chunk, int whole, byte[] into, int at)
      throws IOException {
    int offset = offset(chunk);
    // One that nobody has begun, and of which all that is left is wanted, needs no memory.
    if (offset + whole == length && state.compareAndSet(State.PLANNED, State.LOST)) {
      from.read(shape.path(), now, chunk, whole, into, at);
      return true;
    }
    fetch();
    await();
    if (!state.compareAndSet(State.FETCHED, State.OPENING)) {
      return false;
    }
    boolean right = false;
    try {
      from.recover(shape.path(), now, chunk, whole, present(), offset, into, at);
      right = true;
    } catch (IntegrityException e) {
      return false;
    } finally {
      if (right) {
        // As it was: others may want the chunk as well.
        state.set(State.FETCHED);
      } else {
        lose();
      }
    }
    return true;
  }

  /** Lets go of it; whoever is at work on it finds that out. */
  void drop() {
    State before = state.get();
    while (before != State.LOST && before != State.ABANDONED) {
      boolean busy = isBusy(before);
      if (state.compareAndSet(before, busy ? State.ABANDONED : State.LOST)) {
        if (!busy) {
          lose();
        }
        return;
      }
      before = state.get();
    }
  }
}
