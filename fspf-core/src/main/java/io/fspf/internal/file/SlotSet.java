package io.fspf.internal.file;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of slots, as dense as they are in the volumes that we write: bits, in pages of 1,024. It
 * takes memory in proportion to how many there are, not to how high they are: in a hostile volume a
 * single chunk may claim a slot of any number.
 *
 * <p>Not thread-safe.
 */
final class SlotSet {
  private static final int WORDS = 16;
  private static final int PAGE = WORDS * Long.SIZE;

  private final TreeMap<Long, long[]> pages = new TreeMap<>();

  /** All below are in the set. */
  private long firstAbsent;

  boolean contains(long slot) {
    long[] page = pages.get(slot / PAGE);
    return page != null && (page[word(slot)] & bit(slot)) != 0;
  }

  void add(long slot) {
    pages.computeIfAbsent(slot / PAGE, number -> new long[WORDS])[word(slot)] |= bit(slot);
  }

  void remove(long slot) {
    long[] page = pages.get(slot / PAGE);
    if (page != null) {
      page[word(slot)] &= ~bit(slot);
      firstAbsent = Math.min(firstAbsent, slot);
      if (isEmpty(page)) {
        pages.remove(slot / PAGE);
      }
    }
  }

  void clear() {
    pages.clear();
    firstAbsent = 0;
  }

  boolean isEmpty() {
    return pages.isEmpty();
  }

  /** The lowest slot that is not in the set. */
  long firstAbsent() {
    long at = firstAbsent;
    for (long[] page = pages.get(at / PAGE); page != null; page = pages.get(at / PAGE)) {
      long found = firstAbsent(page, (int) (at % PAGE));
      at = at / PAGE * PAGE + found;
      if (found < PAGE) {
        break;
      }
    }
    firstAbsent = at;
    return at;
  }

  private static int firstAbsent(long[] page, int from) {
    long absent = ~page[from / Long.SIZE] & (-1L << from);
    for (int word = from / Long.SIZE; ; absent = ~page[word]) {
      if (absent != 0) {
        return word * Long.SIZE + Long.numberOfTrailingZeros(absent);
      }
      if (++word == WORDS) {
        return PAGE;
      }
    }
  }

  /** The highest slot of the set, or -1. */
  long highest() {
    Map.@Nullable Entry<Long, long[]> last = pages.lastEntry();
    if (last == null) {
      return -1;
    }
    long[] page = last.getValue();
    int word = WORDS - 1;
    while (page[word] == 0) {
      word--;
    }
    return last.getKey() * PAGE
        + word * (long) Long.SIZE
        + (Long.SIZE - 1 - Long.numberOfLeadingZeros(page[word]));
  }

  private static boolean isEmpty(long[] page) {
    for (long word : page) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  private static int word(long slot) {
    return (int) (slot % PAGE / Long.SIZE);
  }

  private static long bit(long slot) {
    return 1L << slot;
  }
}
