package io.fspf.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotSetTest {
  /**
   * The same as a bit set, which is what it would be if slots could not be chosen by a stranger.
   */
  @Test
  void behavesLikeABitSet() {
    long seed = Long.getLong("fspf.test.seed", System.nanoTime());
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var slots = new SlotSet();
      var model = new BitSet();
      int bound = 1 + random.nextInt(5000);
      for (int step = 0; step < 1000; step++) {
        int slot = random.nextInt(4) == 0 ? model.nextClearBit(0) : random.nextInt(bound);
        switch (random.nextInt(400) == 0 ? 0 : 1 + random.nextInt(5)) {
          case 0 -> {
            slots.clear();
            model.clear();
          }
          case 1 -> {
            slots.remove(slot);
            model.clear(slot);
          }
          default -> {
            slots.add(slot);
            model.set(slot);
          }
        }
        assertThat(slots.firstAbsent()).as("seed %s", seed).isEqualTo(model.nextClearBit(0));
        assertThat(slots.highest()).as("seed %s", seed).isEqualTo(model.length() - 1L);
        assertThat(slots.isEmpty()).as("seed %s", seed).isEqualTo(model.isEmpty());
        int other = random.nextInt(bound + 100);
        assertThat(slots.contains(other)).as("seed %s", seed).isEqualTo(model.get(other));
      }
    }
  }

  @Test
  void holdsTheHighestSlots() {
    var slots = new SlotSet();
    slots.add(Long.MAX_VALUE >> 24);
    slots.add(0);
    assertThat(slots.highest()).isEqualTo(Long.MAX_VALUE >> 24);
    assertThat(slots.firstAbsent()).isEqualTo(1);
    slots.remove(Long.MAX_VALUE >> 24);
    assertThat(slots.highest()).isZero();
  }
}
