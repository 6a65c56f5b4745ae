package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.Freshness;
import io.fspf.FreshnessException;
import io.fspf.FspfException;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumePath;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The host edits, swaps and rolls back its files at any moment. */
class AdversaryTest {
  private static final int FACTOR = Boolean.getBoolean("fspf.slow") ? 20 : 1;
  private static final long FIRST = Long.getLong("fspf.adversary.first", 1);
  private static final int SEEDS = Integer.getInteger("fspf.adversary.seeds", 60 * FACTOR);

  private interface Script {
    void run(VolumeBench bench, Workload workload, HonestStore store) throws IOException;
  }

  private static void each(Script script) {
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      var bench = new VolumeBench(seed);
      var store = new HonestStore();
      bench.setFreshness(Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED));
      List<Region> regions = new ArrayList<>(VolumeBench.REGIONS);
      regions.removeIf(region -> region.path().equals(VolumePath.of("/plain")));
      var workload = new Workload(bench, regions);
      try {
        workload.create();
        script.run(bench, workload, store);
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(
            "Seed "
                + seed
                + " (-Dfspf.adversary.first="
                + seed
                + ")\n"
                + workload.trace()
                + "\n"
                + e,
            e);
      }
    }
  }

  /** What the host had and the volume held at one moment. */
  private record Moment(SimulatedHost.Snapshot host, VolumeDump durable, RootTag tag) {}

  @Test
  void olderStatesAreRefusedOrAsThePolicySays() {
    each(
        (bench, workload, store) -> {
          List<Moment> moments = new ArrayList<>();
          for (int i = 0; i < 60; i++) {
            workload.step();
            if (bench.random().nextInt(10) == 0) {
              workload.commit();
              var moment = new Moment(bench.host().snapshot(), workload.durable(), store.tag());
              for (int more = bench.random().nextInt(4); more > 0; more--) {
                workload.step();
              }
              // With changes behind the commit, unless one of them has made a commit of its own.
              boolean same = store.tag().equals(moment.tag());
              moments.add(
                  same
                      ? new Moment(bench.host().snapshot(), moment.durable(), moment.tag())
                      : moment);
            }
          }
          workload.commit();
          workload.close();
          RootTag newest = store.tag();
          for (Moment moment : moments) {
            bench.host().restore(moment.host());
            SimulatedHost rolledBack = bench.host();
            for (TagPolicy policy : TagPolicy.values()) {
              bench.setHost(rolledBack.copy());
              bench.setFreshness(Freshness.store(store.copy(), policy));
              if (policy == TagPolicy.NO_ROLLBACK_PROTECTION) {
                opensAt(bench, moment);
              } else {
                isRefused(bench, FreshnessException.class);
              }
            }
            bench.setHost(rolledBack.copy());
            bench.setFreshness(Freshness.pinned(newest));
            isRefused(bench, FreshnessException.class);
            bench.setFreshness(Freshness.pinned(moment.tag()));
            opensForReadingAt(bench, moment);
            bench.setFreshness(Freshness.unchecked());
            opensAt(bench, moment);
            bench.setHost(rolledBack);
          }
        });
  }

  private static void isRefused(VolumeBench bench, Class<? extends Exception> how)
      throws IOException {
    for (int i = 0; i < 2; i++) {
      try (Volume volume = i == 0 ? bench.openForReading() : bench.open()) {
        throw new AssertionError("An old state was accepted: " + volume.tag());
      } catch (FspfException | IllegalStateException e) {
        boolean pinnedForWriting = i == 1 && e instanceof IllegalStateException;
        assertThat(pinnedForWriting || how.isInstance(e)).as("%s", e).isTrue();
      }
    }
  }

  private static void opensForReadingAt(VolumeBench bench, Moment moment) throws IOException {
    try (Volume volume = bench.openForReading()) {
      assertThat(volume.tag()).isEqualTo(moment.tag());
      assertThat(VolumeDump.ofProtected(volume).differenceFrom(moment.durable())).isEmpty();
    }
  }

  private static void opensAt(VolumeBench bench, Moment moment) throws IOException {
    opensForReadingAt(bench, moment);
    try (Volume volume = bench.open()) {
      assertThat(VolumeDump.ofProtected(volume).differenceFrom(moment.durable())).isEmpty();
    }
  }

  @Test
  void aVolumeThatIsGoneMayBeMadeAnewWhereThePolicySaysSo() throws IOException {
    for (TagPolicy policy : TagPolicy.values()) {
      var bench = new VolumeBench(1);
      var store = new HonestStore();
      bench.setFreshness(Freshness.store(store, policy, "mine"));
      bench.create(VolumeBench.REGIONS).close();
      RootTag first = store.tag();
      bench.host().delete(VolumeBench.FILE);
      try (Volume volume = bench.create(VolumeBench.REGIONS)) {
        assertThat(policy).isNotEqualTo(TagPolicy.ROLLBACK_PROTECTED);
        assertThat(store.tag()).isEqualTo(volume.tag()).isNotEqualTo(first);
      } catch (FreshnessException e) {
        assertThat(policy).isEqualTo(TagPolicy.ROLLBACK_PROTECTED);
        assertThat(store.tag()).isEqualTo(first);
      } catch (FileAlreadyExistsException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void whateverIsEditedWhileTheVolumeIsClosedIsNoticedOrWithoutEffect() {
    each(
        (bench, workload, store) -> {
          List<SimulatedHost.Snapshot> older = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            workload.step();
            if (bench.random().nextInt(8) == 0) {
              workload.commit();
              older.add(bench.host().snapshot());
            }
          }
          workload.close();
          SimulatedHost honest = bench.host();
          VolumeDump expected = workload.durable();
          for (int i = 0; i < 40; i++) {
            SimulatedHost host = honest.copy();
            bench.setHost(host);
            bench.setFreshness(Freshness.store(store.copy(), TagPolicy.ROLLBACK_PROTECTED));
            String edit = edit(host, bench.random(), older);
            try (Volume volume =
                bench.random().nextBoolean() ? bench.openForReading() : bench.open()) {
              checked(expected, volume, edit);
            } catch (FspfException | FileSystemException e) {
              // Refused as a whole, or there is no such file any more.
            }
          }
        });
  }

  private static void checked(VolumeDump expected, Volume volume, String edit) {
    try {
      int unused = expected.refusals(volume);
    } catch (AssertionError | IOException e) {
      throw new AssertionError(edit + ": " + e, e);
    }
  }

  /** Does something to the host's files, and says what. */
  private static String edit(
      SimulatedHost host, Random random, List<SimulatedHost.Snapshot> older) {
    List<VolumePath> files = host.files();
    String path = files.get(random.nextInt(files.size())).toString();
    String other = files.get(random.nextInt(files.size())).toString();
    int size = host.read(path).length;
    switch (random.nextInt(10)) {
      case 0 -> host.delete(path);
      case 1 -> host.swap(path, other);
      case 2 -> {
        if (size > 0) {
          host.cut(path, random.nextInt(size));
        }
      }
      case 3 -> host.extend(path, new byte[1 + random.nextInt(5000)]);
      case 4 -> {
        int from = random.nextInt(size + 1);
        host.zero(path, from, Math.min(size - from, 1 + random.nextInt(5000)));
      }
      case 5 -> host.replaceBySymbolicLink(path, other);
      case 6 -> host.replaceByDirectory(path);
      case 7, 8 -> {
        if (!older.isEmpty()) {
          restore(host, older.get(random.nextInt(older.size())), path);
        }
      }
      default -> {
        if (size > 0) {
          host.flip(path, 8L * random.nextInt(size) + random.nextInt(8));
        }
      }
    }
    return "an edit of " + path + " (and " + other + ")";
  }

  private static void restore(SimulatedHost host, SimulatedHost.Snapshot older, String path) {
    try {
      host.restore(older, path);
    } catch (IllegalArgumentException e) {
      // Something else than a file stood there.
      host.delete(path);
    }
  }

  @Test
  void whateverIsEditedWhileTheVolumeIsOpenIsNoticedOrWithoutEffect() {
    each(
        (bench, workload, store) -> {
          bench.setCacheBytes(0);
          workload.reopen();
          List<SimulatedHost.Snapshot> older = new ArrayList<>();
          for (int i = 0; i < 60; i++) {
            workload.step();
            if (bench.random().nextInt(3) == 0) {
              SimulatedHost.Snapshot honest = bench.host().snapshot();
              older.add(honest);
              String edit = edit(bench.host(), bench.random(), older);
              checked(VolumeDump.of(workload.model()), workload.volume(), edit);
              bench.host().restore(honest);
            }
          }
          workload.verify();
          workload.reopen();
        });
  }

  /** What was read wrongly once is not remembered. */
  @Test
  void bytesThatChangeOnTheirWayAreNoticedAndForgotten() {
    each(
        (bench, workload, store) -> {
          bench.setCacheBytes(bench.random().nextBoolean() ? 0 : 1 << 20);
          workload.reopen();
          for (int i = 0; i < 40; i++) {
            workload.step();
          }
          workload.reopen();
          Random random = bench.random();
          int refused = 0;
          for (int i = 0; i < 5; i++) {
            bench
                .host()
                .setReadHook(
                    (operation, into, offset, count) -> {
                      if (count > 0 && random.nextInt(3) == 0) {
                        into[offset + random.nextInt(count)] ^= (byte) (1 << random.nextInt(8));
                      }
                    });
            refused += VolumeDump.of(workload.model()).refusals(workload.volume());
            bench.host().setReadHook((operation, into, offset, count) -> {});
          }
          workload.verify();
          assertThat(refused).isNotNegative();
          changeWhileReadsAreWrong(bench, workload);
        });
  }

  /** An operation that the host leads astray happens in part or not at all, and says so. */
  private static void changeWhileReadsAreWrong(VolumeBench bench, Workload workload)
      throws IOException {
    workload.expectAdversary();
    Random random = bench.random();
    VolumeDump before = VolumeDump.of(workload.model());
    bench
        .host()
        .setReadHook(
            (operation, into, offset, count) -> {
              if (count > 0 && random.nextInt(10) == 0) {
                into[offset + random.nextInt(count)] ^= 1;
              }
            });
    try {
      for (int i = 0; i < 30; i++) {
        before = VolumeDump.of(workload.model());
        workload.step();
      }
    } catch (FspfException e) {
      bench.host().setReadHook((operation, into, offset, count) -> {});
      VolumeDump after = VolumeDump.of(workload.model());
      VolumeDump found = VolumeDump.of(workload.volume());
      assertThat(found.isBetween(before, after)).as("%s", e).isTrue();
    } catch (AssertionError e) {
      if (!(e.getCause() instanceof FspfException)) {
        throw e;
      }
    }
    bench.host().setReadHook((operation, into, offset, count) -> {});
    workload.volume().close();
    try (Volume volume = bench.open()) {
      VolumeDump unused = VolumeDump.of(volume);
    }
  }
}
