package io.fspf.internal.file;

import java.util.ArrayDeque;

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

  private record Freed(long epoch, long slot) {}

  /**
   * Not to be written: what the present state or an earlier one that may still be needed refers to.
   */
  private final SlotSet used = new SlotSet();

  /** What the present state refers to. */
  private final SlotSet live = new SlotSet();

  private final SlotSet fresh = new SlotSet();
  private final ArrayDeque<Freed> freed = new ArrayDeque<>();

  /** Marks a slot that a commit refers to. */
  void committed(long slot) {
    used.add(slot);
    live.add(slot);
  }

  /**
   * A free slot for the chunk: the one of its own index where that is free and near, else the first
   * that is.
   */
  long allocate(long chunk) {
    long slot = mayHaveItsOwn(chunk) ? chunk : used.firstAbsent();
    take(slot);
    return slot;
  }

  /**
   * This slot for the chunk, where it is free and the chunk's own is not to be had: what is written
   * together then stands together.
   */
  boolean allocate(long chunk, long wanted) {
    if (used.contains(wanted) || (chunk != wanted && mayHaveItsOwn(chunk))) {
      return false;
    }
    take(wanted);
    return true;
  }

  private boolean mayHaveItsOwn(long chunk) {
    return chunk - REACH <= used.highest() + 1 && !used.contains(chunk);
  }

  private void take(long slot) {
    used.add(slot);
    live.add(slot);
    fresh.add(slot);
  }

  /** The state of the given epoch no longer refers to the slot. */
  void release(long slot, long epoch) {
    live.remove(slot);
    if (fresh.contains(slot)) {
      fresh.remove(slot);
      used.remove(slot);
    } else {
      freed.add(new Freed(epoch, slot));
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
      used.remove(freed.remove().slot());
    }
  }

  /** Whether slots wait for a commit. */
  boolean isWaiting() {
    return !freed.isEmpty() || !fresh.isEmpty();
  }

  /** The highest slot that the present state refers to, or -1. */
  long highestLive() {
    return live.highest();
  }

  /** The highest slot that any state which may still be needed refers to, or -1. */
  long highestUsed() {
    return used.highest();
  }
}
