package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunksTest {
  private static int[] tens(int count) {
    int[] costs = new int[count];
    Arrays.fill(costs, 10);
    return costs;
  }

  @Test
  void whatFitsIsOneNode() {
    assertThat(Chunks.divide(tens(3), 30, 1, false)).containsExactly(3);
    assertThat(Chunks.divide(tens(3), 30, 1, true)).containsExactly(3);
    assertThat(Chunks.divide(new int[] {500}, 30, 1, false)).containsExactly(1);
  }

  @Test
  void behindAGrowingEdgeNodesAreFull() {
    assertThat(Chunks.divide(tens(7), 30, 1, true)).containsExactly(3, 6, 7);
    assertThat(Chunks.divide(tens(4), 30, 1, true)).containsExactly(3, 4);
    assertThat(Chunks.divide(new int[] {10, 10, 11, 10}, 30, 1, true)).containsExactly(2, 4);
  }

  @Test
  void elsewhereTheyAreAlike() {
    assertThat(Chunks.divide(tens(4), 30, 1, false)).containsExactly(2, 4);
    assertThat(Chunks.divide(tens(6), 59, 1, false)).containsExactly(3, 6);
    assertThat(Chunks.divide(tens(9), 40, 1, false)).containsExactly(3, 6, 9);
    // What remains is divided anew behind each node.
    assertThat(Chunks.divide(tens(7), 30, 1, false)).containsExactly(2, 5, 7);
    // Half of an entry beyond the ideal is as near as half of one before it.
    assertThat(Chunks.divide(new int[] {10, 20, 10}, 30, 1, false)).containsExactly(2, 3);
    assertThat(Chunks.divide(new int[] {10, 22, 10}, 30, 1, false)).containsExactly(1, 2, 3);
  }

  @Test
  void aNodeHasTheEntriesThatItMustHave() {
    int[] long4 = {50, 50, 50, 50};
    assertThat(Chunks.divide(long4, 30, 1, true)).containsExactly(1, 2, 3, 4);
    assertThat(Chunks.divide(long4, 30, 2, true)).containsExactly(2, 4);
    assertThat(Chunks.divide(long4, 30, 2, false)).containsExactly(2, 4);
    assertThat(Chunks.divide(new int[] {50, 10, 10, 50}, 30, 1, true)).containsExactly(1, 3, 4);
  }

  @Test
  void nodesAreNeitherTooLongNorTooMany() {
    long seed = Long.getLong("fspf.test.seed", System.nanoTime());
    var random = new Random(seed);
    for (int run = 0; run < 2000; run++) {
      int room = 40 + random.nextInt(200);
      int greatest = 1 + random.nextInt(room);
      int[] costs = random.ints(1 + random.nextInt(200), 1, greatest + 1).toArray();
      boolean full = random.nextBoolean();
      int[] ends = Chunks.divide(costs, room, 1, full);
      int from = 0;
      for (int end : ends) {
        int size = Arrays.stream(costs, from, end).sum();
        assertThat(size).as("seed %d", seed).isBetween(1, room);
        if (full && end < costs.length) {
          assertThat(size + costs[end]).as("seed %d", seed).isGreaterThan(room);
        }
        from = end;
      }
      assertThat(from).isEqualTo(costs.length);
      // Two neighbours that would fit into one are made nowhere but at the end.
      assertThat(ends.length).as("seed %d", seed).isLessThanOrEqualTo(leastNodes(costs, room) * 2);
    }
  }

  private static int leastNodes(int[] costs, int room) {
    return (Arrays.stream(costs).sum() + room - 1) / room;
  }
}
