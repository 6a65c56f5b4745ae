package io.fspf.internal.tree;

/** Divides a row of entries among nodes of at most a target size. */
final class Chunks {
  private Chunks() {}

  /** Receives the bounds of each node's entries, {@code [from, to)}. */
  @FunctionalInterface
  interface Sink {
    void chunk(int from, int to);
  }

  /**
   * Divides.
   *
   * @param costs the encoded lengths of the entries, at least one
   * @param room the target without the node's overhead; an entry that is longer gets a node of its
   *     own
   * @param least the entries that a node has at least, except the last: 2 where a node of one would
   *     be no step
   * @param full whether to fill each node but the last, as behind a growing edge, or all alike
   */
  static void divide(int[] costs, int room, int least, boolean full, Sink sink) {
    long left = 0;
    for (int cost : costs) {
      left += cost;
    }
    int from = 0;
    long size = 0;
    long ideal = ideal(left, room, full);
    for (int i = 0; i < costs.length; i++) {
      int cost = costs[i];
      if (i >= from + least && (size + cost > room || size + cost / 2 > ideal)) {
        sink.chunk(from, i);
        left -= size;
        from = i;
        size = 0;
        ideal = ideal(left, room, full);
      }
      size += cost;
    }
    sink.chunk(from, costs.length);
  }

  private static long ideal(long left, int room, boolean full) {
    long nodes = (left + room - 1) / room;
    return full || nodes <= 1 ? Long.MAX_VALUE / 2 : left / nodes;
  }
}
