package io.fspf.internal.volume;

import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.internal.host.Operation;
import io.fspf.internal.host.SimulatedCrash;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * One seed's life of a volume: operations, a crash in their midst, recovery from one of the states
 * that the disk may be in then, and so on.
 *
 * <p>After each crash the volume must open, for readers and for a writer, at the last state that
 * was reported durable or at a later one that was to be committed, and its content must be the
 * model's at that commit. The tag store, where there is one, must neither keep the volume from
 * opening nor know a state that is gone.
 */
final class CrashRun {
  /** How long the run is and when it crashes. */
  record Plan(int steps, int crashes, long crashAt) {
    /** Crashes in workloads of that many steps, at operations drawn by lot. */
    static Plan random(int steps, int crashes) {
      return new Plan(steps, crashes, 0);
    }

    /** One crash at that operation of the host. */
    static Plan at(int steps, long operation) {
      return new Plan(steps, 1, operation);
    }
  }

  private final long seed;
  private final Random random;
  private final VolumeBench bench;
  private final HonestStore store = new HonestStore();
  private final Workload workload;
  private final boolean withStore;
  private Predicate<Operation> ignored = operation -> false;

  CrashRun(long seed) {
    this.seed = seed;
    boolean keyed = Math.floorMod(seed, 5) != 0;
    this.bench = new VolumeBench(seed, keyed);
    this.random = bench.random();
    this.withStore = random.nextInt(3) > 0;
    if (withStore) {
      bench.setFreshness(Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED));
    }
    this.workload = new Workload(bench, regions());
  }

  private List<Region> regions() {
    var regions = new ArrayList<>(VolumeBench.REGIONS);
    regions.removeIf(region -> !region.path().isRoot() && random.nextInt(3) == 0);
    return regions;
  }

  /** From now on the host ignores these syncs. */
  CrashRun ignoring(Predicate<Operation> syncs) {
    ignored = syncs;
    return this;
  }

  /**
   * Runs.
   *
   * @return whether the crash came before the workload's end
   */
  boolean run(Plan plan) {
    try {
      return runChecked(plan);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(
          "Seed " + seed + ", " + plan + "\n" + workload.trace() + "\n" + e.getMessage(), e);
    }
  }

  private boolean runChecked(Plan plan) throws IOException {
    bench.host().ignoreSyncs(ignored);
    workload.create();
    if (plan.crashAt() > 0) {
      bench.host().crashAt(bench.host().operations() + plan.crashAt());
      boolean crashed = crashes(() -> work(plan.steps()));
      recover();
      return crashed;
    }
    for (int crash = 0; crash < plan.crashes(); crash++) {
      // A step takes 4 to 10 operations of the host; some crashes come after the last.
      long reach = crash == 0 ? 6L * plan.steps() : 300;
      bench.host().crashAt(bench.host().operations() + 1 + (long) (random.nextDouble() * reach));
      boolean unused = crashes(() -> work(plan.steps()));
      recover();
    }
    return true;
  }

  private void work(int steps) throws IOException {
    for (int i = 0; i < steps; i++) {
      if (random.nextInt(120) == 0) {
        workload.reopen();
      } else {
        workload.step();
      }
    }
    workload.close();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static boolean crashes(Work work) throws IOException {
    try {
      work.run();
      return false;
    } catch (SimulatedCrash e) {
      return true;
    }
  }

  private void recover() throws IOException {
    while (true) {
      SimulatedHost left = bench.host().afterCrash(random);
      left.ignoreSyncs(ignored);
      bench.setHost(left);
      if (random.nextInt(3) == 0) {
        // Another crash amid recovery.
        left.crashAt(1 + random.nextInt(60));
      }
      boolean crashed = crashes(() -> workload.recover(random.nextBoolean()));
      if (!crashed) {
        left.crashAt(Long.MAX_VALUE);
        break;
      }
    }
    if (withStore) {
      RootTag stored = store.tag();
      if (!stored.equals(workload.volume().tag())) {
        throw new AssertionError("The tag store knows " + stored);
      }
    }
    boolean usable = !crashes(() -> workload.step());
    if (!usable) {
      throw new AssertionError("The volume is not usable");
    }
  }
}
