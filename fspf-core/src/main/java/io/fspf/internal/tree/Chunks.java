package io.fspf.internal.tree;

import java.util.Arrays;

/** Divides a row of entries among nodes of at most a target size. */
final class Chunks {
  private Chunks() {}

  /**
   * Divides.
   *
   * @param costs the encoded lengths of the entries, at least one
   * @param room the target without the node's overhead; an entry that is longer gets a node of its
   *     own
   * @param least the entries that a node has at least, except the last: 2 where a node of one would
   *     be no step
   * @param full whether to fill each node but the last, as behind a growing edge, or all alike
   * @return where each node's entries end, and the next one's begin
   */
  static int[] divide(int[] costs, int room, int least, boolean full) {
    long left = 0;
    for (int cost : costs) {
      left += cost;
    }
    int[] ends = new int[costs.length];
    int count = 0;
    int from = 0;
    long size = 0;
    long ideal = ideal(left, room, full);
    for (int i = 0; i < costs.length; i++) {
      int cost = costs[i];
      if (i >= from + least && (size + cost > room || size + cost / 2 > ideal)) {
        ends[count++] = i;
        left -= size;
        from = i;
        size = 0;
        ideal = ideal(left, room, full);
      }
      size += cost;
    }
    ends[count++] = costs.length;
    return Arrays.copyOf(ends, count);
  }

  private static long ideal(long left, int room, boolean full) {
    long nodes = (left + room - 1) / room;
    return full || nodes <= 1 ? Long.MAX_VALUE / 2 : left / nodes;
  }
}
