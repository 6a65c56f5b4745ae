package io.fspf.internal.file;

import java.util.ArrayDeque;
import java.util.BitSet;

/**
 * Which slots of an object file may be written.
 *
 * <p>A slot that a commit refers to is never written again before a later commit, which no longer
 * refers to it, is durable and published; until then a crash may bring the earlier commit back. One
 * that no commit has seen yet is free at once.
 *
 * <p>Not thread-safe; its file's lock guards it.
 */
final class SlotMap {
  /** How far beyond the used part of the file a chunk's own slot may lie and still be taken. */
  private static final int REACH = 1024;

  private record Freed(long epoch, int slot) {}

  /**
   * Not to be written: what the present state or an earlier one that may still be needed refers to.
   */
  private final BitSet used = new BitSet();

  /** What the present state refers to. */
  private final BitSet live = new BitSet();

  private final BitSet fresh = new BitSet();
  private final ArrayDeque<Freed> freed = new ArrayDeque<>();

  /** Marks a slot that a commit refers to. */
  void committed(long slot) {
    used.set(Math.toIntExact(slot));
    live.set(Math.toIntExact(slot));
  }

  /**
   * A free slot for the chunk: the one of its own index where that is free and near, else the first
   * that is.
   */
  long allocate(long chunk) {
    int slot = mayHaveItsOwn(chunk) ? (int) chunk : used.nextClearBit(0);
    take(slot);
    return slot;
  }

  /**
   * This slot for the chunk, where it is free and the chunk's own is not to be had: what is written
   * together then stands together.
   */
  boolean allocate(long chunk, long wanted) {
    int slot = Math.toIntExact(wanted);
    if (used.get(slot) || (chunk != wanted && mayHaveItsOwn(chunk))) {
      return false;
    }
    take(slot);
    return true;
  }

  private boolean mayHaveItsOwn(long chunk) {
    return chunk <= used.length() + (long) REACH && !used.get((int) chunk);
  }

  private void take(int slot) {
    used.set(slot);
    live.set(slot);
    fresh.set(slot);
  }

  /** The state of the given epoch no longer refers to the slot. */
  void release(long slot, long epoch) {
    int index = Math.toIntExact(slot);
    live.clear(index);
    if (fresh.get(index)) {
      fresh.clear(index);
      used.clear(index);
    } else {
      freed.add(new Freed(epoch, index));
    }
  }

  /** From now on a commit may refer to every slot handed out so far. */
  void freeze() {
    fresh.clear();
  }

  /**
   * The commit of this epoch is durable and published, and nobody reads an earlier one: frees what
   * it let go.
   */
  void reclaim(long epoch) {
    while (!freed.isEmpty() && freed.peek().epoch() <= epoch) {
      used.clear(freed.remove().slot());
    }
  }

  /** Whether slots wait for a commit. */
  boolean isWaiting() {
    return !freed.isEmpty() || !fresh.isEmpty();
  }

  /** The highest slot that the present state refers to, or -1. */
  long highestLive() {
    return live.length() - 1L;
  }

  /** The highest slot that any state which may still be needed refers to, or -1. */
  long highestUsed() {
    return used.length() - 1L;
  }
}
