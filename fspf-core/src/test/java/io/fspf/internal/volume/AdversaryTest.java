package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.Freshness;
import io.fspf.FreshnessException;
import io.fspf.FspfException;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.StandardOpenOption;
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
                recordsWhatItOpens(bench, moment, store.copy());
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

  /** The store follows, back to an old state as well. */
  private static void recordsWhatItOpens(VolumeBench bench, Moment moment, HonestStore store)
      throws IOException {
    SimulatedHost host = bench.host();
    Freshness freshness = Freshness.store(store, TagPolicy.NO_ROLLBACK_PROTECTION);
    try (Volume volume = bench.open(host.copy(), freshness)) {
      assertThat(store.tag()).isEqualTo(moment.tag());
      volume.createDirectory(VolumePath.of("/one more"), 0755);
      assertThat(volume.commit()).isEqualTo(store.tag()).isNotEqualTo(moment.tag());
    }
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

  /** And goes on from there, with other changes than the last time. */
  private static void opensAt(VolumeBench bench, Moment moment) throws IOException {
    opensForReadingAt(bench, moment);
    int before = bench.nonces().size();
    try (Volume volume = bench.open()) {
      assertThat(VolumeDump.ofProtected(volume).differenceFrom(moment.durable())).isEmpty();
      for (Region region : volume.regions()) {
        VolumePath path = region.path().resolve(Name.of("after the rollback"));
        try (VolumeFile file =
            volume.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
          file.write(ByteBuffer.wrap(new byte[3 * VolumeBench.CHUNK]), bench.random().nextInt(9));
        }
      }
      assertThat(volume.commit()).isNotEqualTo(moment.tag());
    }
    assertThat(bench.nonces().size()).isGreaterThan(before);
  }

  /** What has been made anew is as well protected against what was there before. */
  @Test
  void whatWasReplacedByANewVolumeIsRefused() throws IOException {
    for (TagPolicy policy :
        List.of(TagPolicy.ROLLBACK_PROTECTED_REINITIALIZABLE, TagPolicy.EPHEMERAL)) {
      var bench = new VolumeBench(1);
      var store = new HonestStore();
      bench.setFreshness(Freshness.store(store, policy, "mine"));
      bench.create(VolumeBench.REGIONS).close();
      SimulatedHost.Snapshot first = bench.host().snapshot();
      bench.host().delete(VolumeBench.FILE);
      bench.create(VolumeBench.REGIONS).close();
      bench.host().restore(first);
      isRefused(bench, FreshnessException.class);
    }
  }

  /** Each use of an ephemeral volume starts with a new one, whatever the host still has. */
  @Test
  void anEphemeralVolumeIsNeverOpenedAgain() throws IOException {
    var bench = new VolumeBench(1);
    bench.setFreshness(Freshness.store(new HonestStore(), TagPolicy.EPHEMERAL));
    bench.create(VolumeBench.REGIONS).close();
    isRefused(bench, FreshnessException.class);
    bench.setFreshness(Freshness.store(new HonestStore(), TagPolicy.EPHEMERAL));
    isRefused(bench, FreshnessException.class);
  }

  /** Where no tag is stored yet, the first state is published before it is served. */
  @Test
  void theFirstStateThatIsSeenIsTheOneThatCounts() {
    each(
        (bench, workload, store) -> {
          SimulatedHost.Snapshot older = bench.host().snapshot();
          workload.volume().createDirectory(VolumePath.of("/new"), 0755);
          workload.volume().close();
          for (TagPolicy policy :
              List.of(TagPolicy.ROLLBACK_PROTECTED, TagPolicy.ROLLBACK_PROTECTED_REINITIALIZABLE)) {
            SimulatedHost honest = bench.host();
            bench.setHost(honest.copy());
            var fresh = new HonestStore();
            bench.setFreshness(Freshness.store(fresh, policy));
            try (Volume volume = bench.openForReading()) {
              assertThat(fresh.tag()).isEqualTo(volume.tag());
            }
            bench.host().restore(older);
            isRefused(bench, FreshnessException.class);
            bench.setHost(honest);
          }
        });
  }

  /** Of two copies that both go on from one state, the store knows one. */
  @Test
  void aForkIsRefused() {
    each(
        (bench, workload, store) -> {
          for (int i = 0; i < 10; i++) {
            workload.step();
          }
          workload.commit();
          workload.close();
          SimulatedHost one = bench.host().copy();
          SimulatedHost other = bench.host().copy();
          Freshness freshness = Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED);
          try (Volume first = bench.open(one, freshness);
              Volume second = bench.open(other, freshness)) {
            first.createDirectory(VolumePath.of("/mine"), 0755);
            assertThat(first.commit()).isEqualTo(store.tag());
            assertThatThrownBy(
                    () -> {
                      second.createDirectory(VolumePath.of("/theirs"), 0755);
                      second.commit();
                    })
                .isInstanceOf(FreshnessException.class);
            assertThat(second.isWritable()).isFalse();
            assertThat(first.tag()).isEqualTo(store.tag());
          }
          bench.setHost(other);
          isRefused(bench, FreshnessException.class);
          bench.setHost(one);
          try (Volume volume = bench.open()) {
            assertThat(volume.attributes(VolumePath.of("/mine")).isDirectory()).isTrue();
          }
        });
  }

  /**
   * A writer that is shown an old host in the midst of its work leaves nothing that is accepted.
   */
  @Test
  void whatAWriterMakesOfARolledBackHostIsRightOrRefused() {
    each(
        (bench, workload, store) -> {
          List<SimulatedHost.Snapshot> older = new ArrayList<>();
          older.add(bench.host().snapshot());
          for (int i = 0; i < 40; i++) {
            workload.step();
            if (bench.random().nextInt(4) == 0) {
              older.add(bench.host().snapshot());
            }
          }
          List<VolumeDump> states = new ArrayList<>(workload.recoverable());
          states.add(VolumeDump.ofProtected(workload.model()));
          bench.host().restore(older.get(bench.random().nextInt(older.size())));
          try (Volume volume = workload.volume()) {
            assertThat(volume.commit()).isNotNull();
          } catch (IOException e) {
            // Noticed.
          }
          try (Volume opened = bench.open()) {
            requireOne(states, opened);
          } catch (FspfException | FileSystemException e) {
            // Refused as a whole.
          }
        });
  }

  private static void requireOne(List<VolumeDump> states, Volume volume) throws IOException {
    AssertionError wrong = null;
    for (VolumeDump state : states) {
      try {
        int unused = state.refusals(volume);
        return;
      } catch (AssertionError e) {
        wrong = e;
      }
    }
    throw new AssertionError("None of " + states.size() + " states", wrong);
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
    switch (random.nextInt(12)) {
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
      case 9 -> {
        if (!older.isEmpty()) {
          restoreAll(host, older.get(random.nextInt(older.size())), files);
        }
      }
      case 10 -> {
        // Any set of files, each as it was at some time.
        for (VolumePath file : files) {
          if (!older.isEmpty() && random.nextBoolean()) {
            restore(host, older.get(random.nextInt(older.size())), file.toString());
          }
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

  private static void restoreAll(
      SimulatedHost host, SimulatedHost.Snapshot older, List<VolumePath> files) {
    files.forEach(file -> restore(host, older, file.toString()));
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
