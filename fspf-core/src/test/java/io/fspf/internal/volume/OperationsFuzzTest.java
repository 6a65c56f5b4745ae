package io.fspf.internal.volume;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.internal.tree.Choices;
import java.io.IOException;
import java.util.Random;

/**
 * Sequences of operations as the input decides, on a volume and on its model, with closings, and
 * with a crash at the end: both agree on every result, and what is committed comes back.
 */
class OperationsFuzzTest {
  private static final int MAX_STEPS = 200;

  @FuzzTest
  void operations(byte[] input) throws IOException {
    Choices choices = new Choices(input);
    // The size of the caches, and whether there is a key.
    int kind = choices.next(8);
    var bench = new VolumeBench(kind, kind < 6, new NonceLedger(), new Chosen(choices));
    var workload = new Workload(bench, VolumeBench.REGIONS);
    try {
      workload.create();
      for (int i = 0; i < MAX_STEPS && !choices.isUsedUp(); i++) {
        switch (choices.next(24)) {
          case 22 -> {
            workload.reopen();
            workload.verifyHost();
          }
          case 23 -> workload.verify();
          default -> workload.step();
        }
      }
      workload.verify();
      if (kind % 2 == 0) {
        workload.reopen();
        workload.verifyHost();
        workload.close();
      } else {
        SimulatedHost left = bench.host().afterCrash(bench.random());
        bench.setHost(left);
        workload.recover(kind % 4 == 1);
        workload.close();
      }
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError("After\n" + workload.trace(), e);
    }
  }

  /** Chance that is none: what is drawn by lot is read from the input. */
  private static final class Chosen extends Random {
    private static final long serialVersionUID = 1L;

    private final transient Choices choices;

    Chosen(Choices choices) {
      this.choices = choices;
    }

    @Override
    public int nextInt(int bound) {
      return choices.next(bound);
    }

    @Override
    public boolean nextBoolean() {
      return choices.next(2) == 1;
    }

    /** One decision for all of them, so that contents do not use up the input. */
    @Override
    public void nextBytes(byte[] bytes) {
      byte first = (byte) choices.next(256);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (first + 31 * i);
      }
    }

    @Override
    protected int next(int bits) {
      return choices.next(65536) << 16 >>> (32 - bits);
    }
  }
}
