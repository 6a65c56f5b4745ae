package io.fspf.internal.volume;

import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.internal.host.Operation;
import io.fspf.internal.host.OperationHook.Answer;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The host fails at every operation: the caller hears of it, the volume goes on or refuses, and
 * when it is opened again it is at the last commit.
 */
class HostErrorTest {
  private static final int FACTOR = Boolean.getBoolean("fspf.slow") ? 10 : 1;
  private static final long FIRST = Long.getLong("fspf.error.first", 1);
  private static final int SEEDS = Integer.getInteger("fspf.error.seeds", 25 * FACTOR);
  private static final int STEPS = 12;

  /** What happens to the operation. */
  private enum Trouble {
    NOTHING_DONE,
    HALF_DONE
  }

  @Test
  void everyOperationFailsOnce() {
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      for (Trouble trouble : Trouble.values()) {
        int at = 1;
        while (failsOnce(seed, at, trouble)) {
          at++;
        }
      }
    }
  }

  @Test
  void theDiskIsFull() {
    for (long seed = FIRST; seed < FIRST + SEEDS * 8L; seed++) {
      new Life(seed, "full").run(life -> life.fill());
    }
  }

  @Test
  void theTagStoreFails() {
    for (long seed = FIRST; seed < FIRST + SEEDS * 8L; seed++) {
      new Life(seed, "store").run(life -> life.loseStore());
    }
  }

  /** Whether the operation was reached. */
  private static boolean failsOnce(long seed, int at, Trouble trouble) {
    var life = new Life(seed, "fails at " + at + ", " + trouble);
    life.run(l -> l.failAt(at, trouble));
    return life.reached;
  }

  private interface Script {
    void run(Life life) throws IOException;
  }

  /** One volume's. */
  private static final class Life {
    private final long seed;
    private final String what;
    private final VolumeBench bench;
    private final HonestStore store = new HonestStore();
    private final Workload workload;
    private boolean reached;

    Life(long seed, String what) {
      this.seed = seed;
      this.what = what;
      this.bench = new VolumeBench(seed, seed % 4 != 0);
      bench.setFreshness(Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED));
      List<Region> regions = new ArrayList<>(VolumeBench.REGIONS);
      regions.removeIf(region -> region.path().equals(VolumePath.of("/plain")));
      this.workload = new Workload(bench, regions).withinRegions();
    }

    void run(Script script) {
      try {
        workload.create();
        for (int i = 0; i < 5; i++) {
          workload.step();
        }
        workload.commit();
        script.run(this);
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(
            "Seed "
                + seed
                + " (-Dfspf.error.first="
                + seed
                + "), "
                + what
                + "\n"
                + workload.trace()
                + "\n"
                + e.getMessage(),
            e);
      }
    }

    void failAt(int at, Trouble trouble) throws IOException {
      long number = bench.host().operations() + at;
      bench
          .host()
          .setHook(
              operation -> {
                if (operation.number() != number) {
                  return Answer.PROCEED;
                }
                reached = true;
                boolean partly =
                    trouble == Trouble.HALF_DONE && operation.kind() == Operation.Kind.WRITE;
                if (partly) {
                  return Answer.partial(operation.length() / 2, new HostTrouble());
                }
                throw new HostTrouble();
              });
      work();
    }

    void fill() throws IOException {
      long used = 0;
      for (VolumePath file : bench.host().files()) {
        used += bench.host().read(file.toString()).length;
      }
      bench.host().setCapacity(used + bench.random().nextInt(200_000));
      work();
    }

    void loseStore() throws IOException {
      store.startTrouble(bench.random());
      work();
    }

    private void work() throws IOException {
      VolumeDump before = VolumeDump.of(workload.model());
      try {
        for (int i = 0; i < STEPS; i++) {
          before = VolumeDump.of(workload.model());
          workload.step();
        }
      } catch (IOException e) {
        if (!Workload.isTrouble(e)) {
          throw e;
        }
        afterTrouble(before);
        return;
      }
      try {
        workload.close();
      } catch (IOException e) {
        if (!Workload.isTrouble(e)) {
          throw e;
        }
      }
      bench.checkNothingOpen();
      recovers(workload.recoverable());
    }

    /** The host is well again, and the volume is what it was, or what it should be. */
    private void afterTrouble(VolumeDump before) throws IOException {
      VolumeDump after = VolumeDump.of(workload.model());
      bench.host().setCapacity(1L << 40);
      store.endTrouble();
      Volume volume = workload.volume();
      VolumeDump live = VolumeDump.of(volume);
      if (!live.isBetween(before, after)) {
        throw new AssertionError(
            "The volume is neither what it was:\n"
                + live.differenceFrom(before)
                + "nor what it should be:\n"
                + live.differenceFrom(after));
      }
      List<VolumeDump> states = new ArrayList<>(workload.recoverable());
      if (volume.isWritable()) {
        VolumePath path = VolumePath.of("/after the trouble");
        try (VolumeFile file =
            volume.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
          file.write(ByteBuffer.wrap(new byte[5000]), 0);
          file.force();
        }
        states.clear();
        states.add(VolumeDump.of(volume));
      } else {
        refuses(volume);
        states.add(live);
      }
      SimulatedHost crashed = bench.host().afterCrash(bench.random());
      HonestStore storeAtCrash = store.copy();
      try {
        volume.close();
      } catch (IOException e) {
        if (!Workload.isTrouble(e)) {
          throw e;
        }
      }
      bench.checkNothingOpen();
      if (volume.isWritable()) {
        throw new AssertionError("A closed volume is writable");
      }
      recovers(states);
      bench.setHost(crashed);
      bench.setFreshness(Freshness.store(storeAtCrash, TagPolicy.ROLLBACK_PROTECTED));
      recovers(states);
    }

    private static void refuses(Volume volume) {
      try {
        volume.createDirectory(VolumePath.of("/refused"), 0755);
      } catch (IOException e) {
        return;
      }
      throw new AssertionError("A volume that is not writable was changed");
    }

    private void recovers(List<VolumeDump> states) throws IOException {
      bench.host().setHook(operation -> Answer.PROCEED);
      store.endTrouble();
      try (Volume volume = bench.open()) {
        VolumeDump found = VolumeDump.of(volume);
        String closest = null;
        for (VolumeDump state : states) {
          String difference = found.differenceFrom(state);
          if (difference.isEmpty()) {
            return;
          }
          closest =
              closest == null || difference.length() < closest.length() ? difference : closest;
        }
        throw new AssertionError("Not at a commit; closest:\n" + closest);
      }
    }
  }
}
