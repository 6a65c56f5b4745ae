package io.fspf.internal.volume;

import org.junit.jupiter.api.Test;

/** Random operations, without any trouble: the volume does what the model says. */
class VolumeModelTest {
  private static final int SEEDS = Integer.getInteger("fspf.model.seeds", 100);
  private static final long FIRST = Long.getLong("fspf.model.first", 1);

  @Test
  void theVolumeDoesWhatTheModelSays() {
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      run(seed);
    }
  }

  private static void run(long seed) {
    var bench = new VolumeBench(seed, seed % 4 != 0);
    var workload = new Workload(bench, VolumeBench.REGIONS);
    try {
      workload.create();
      for (int i = 0; i < 300; i++) {
        workload.step();
        if (i % 50 == 49) {
          workload.verify();
        }
        if (bench.random().nextInt(100) == 0) {
          workload.reopen();
          workload.verifyHost();
        }
      }
      workload.reopen();
      workload.verifyHost();
      workload.volume().close();
    } catch (Exception | Error e) {
      throw new AssertionError(
          "Seed " + seed + " (-Dfspf.model.first=" + seed + ")\n" + workload.trace(), e);
    }
  }
}
