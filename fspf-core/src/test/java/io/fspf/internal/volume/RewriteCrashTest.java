package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.Freshness;
import io.fspf.FreshnessException;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.SimulatedCrash;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.key.KeyProviders;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A crash at every operation of what writes the metadata anew: there is the old volume or the new
 * one, whole, and the tag store keeps nobody from opening it.
 */
class RewriteCrashTest {
  private static final int SEEDS = Boolean.getBoolean("fspf.slow") ? 100 : 6;
  private static final VolumeKey NEW_KEY = VolumeKey.parse("1e".repeat(VolumeKey.LENGTH));

  private interface Step {
    void run() throws IOException;
  }

  private static boolean crashes(Step step) throws IOException {
    try {
      step.run();
      return false;
    } catch (SimulatedCrash e) {
      return true;
    }
  }

  private static VolumeBench bench(long seed, Freshness freshness) {
    return bench(seed, true, freshness);
  }

  private static VolumeBench bench(long seed, boolean keyed, Freshness freshness) {
    var bench = new VolumeBench(seed, keyed);
    bench.setFreshness(freshness);
    return bench;
  }

  /** A volume with something in it, closed. */
  private static VolumeDump filled(VolumeBench bench) throws IOException {
    List<Region> regions = new ArrayList<>(VolumeBench.REGIONS);
    regions.removeIf(region -> region.path().equals(VolumePath.of("/plain")));
    var workload = new Workload(bench, regions).withinRegions();
    workload.create();
    for (int i = 0; i < 20; i++) {
      workload.step();
    }
    workload.close();
    return workload.durable();
  }

  @Test
  void rekey() throws IOException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      boolean crashed = true;
      for (int at = 1; crashed; at++) {
        var own = new HonestStore();
        VolumeBench bench = bench(seed, Freshness.store(own, TagPolicy.ROLLBACK_PROTECTED));
        VolumeDump content = filled(bench);
        bench.host().crashAt(bench.host().operations() + at);
        var keys = KeyProviders.raw(NEW_KEY);
        crashed =
            crashes(
                () -> {
                  RootTag tag =
                      Rekey.run(bench.environment(), bench.location(), bench.options(), keys);
                  assertThat(own.tag()).isEqualTo(tag);
                });
        bench.setHost(bench.host().afterCrash(bench.random()));
        VolumeOptions newOptions = bench.options().withKeys(keys);
        boolean isOld = opens(bench, bench.options(), content);
        boolean isNew = opens(bench, newOptions, content);
        assertThat(isOld).as("seed %s, crash at %s", seed, at).isNotEqualTo(isNew);
        if (!crashed) {
          assertThat(isNew).isTrue();
        }
      }
    }
  }

  /** Whether this is the volume's key; then it is all there. */
  private static boolean opens(VolumeBench bench, VolumeOptions options, VolumeDump content)
      throws IOException {
    try (Volume volume = Volumes.open(bench.environment(), bench.location(), options.writable())) {
      assertThat(VolumeDump.ofProtected(volume).differenceFrom(content)).isEmpty();
      volume.createDirectory(VolumePath.of("/usable"), 0755);
      assertThat(volume.commit()).isNotNull();
      volume.delete(VolumePath.of("/usable"));
      return true;
    } catch (VolumeKeyException e) {
      return false;
    }
  }

  /** Without a key only the very state that the store remembers opens. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void compaction(boolean keyed) throws IOException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      boolean crashed = true;
      for (int at = 1; crashed; at++) {
        var own = new HonestStore();
        VolumeBench bench = bench(seed, keyed, Freshness.store(own, TagPolicy.ROLLBACK_PROTECTED));
        VolumeDump content = filled(bench);
        crashed = crashesCompacting(bench, at);
        bench.setHost(bench.host().afterCrash(bench.random()));
        try (Volume reading = bench.openForReading()) {
          assertThat(reading.tag()).as("seed %s, crash at %s", seed, at).isEqualTo(own.tag());
          assertThat(VolumeDump.ofProtected(reading).differenceFrom(content)).isEmpty();
        }
        assertThat(opens(bench, bench.options(), content)).isTrue();
        assertThat(bench.host().files())
            .noneMatch(file -> Rewriter.isDraft(bench.location(), file.name()));
      }
    }
  }

  private static boolean crashesCompacting(VolumeBench bench, int at) throws IOException {
    Volume volume = bench.open();
    bench.host().crashAt(bench.host().operations() + at);
    return crashes(
        () -> {
          volume.compact();
          volume.close();
        });
  }

  /** What a process that ended left in the host's memory counts only when it is durable. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void compactionEndedByAKillAndThenACrash(boolean keyed) throws IOException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      boolean killed = true;
      for (int at = 1; killed; at++) {
        var own = new HonestStore();
        VolumeBench bench = bench(seed, keyed, Freshness.store(own, TagPolicy.ROLLBACK_PROTECTED));
        VolumeDump content = filled(bench);
        killed = crashesCompacting(bench, at);
        bench.setHost(bench.host().copy());
        if (seed % 2 == 0) {
          bench.openForReading().close();
        } else {
          Volume next = bench.open();
          next.createDirectory(VolumePath.of("/durable"), 0755);
          assertThat(next.commit()).isEqualTo(own.tag());
          content = VolumeDump.ofProtected(next);
        }
        bench.setHost(bench.host().afterCrashLosingAll());
        try (Volume volume = bench.open()) {
          assertThat(VolumeDump.ofProtected(volume).differenceFrom(content))
              .as("seed %s, killed at %s", seed, at)
              .isEmpty();
        }
      }
    }
  }

  /** As sealing does it. */
  private static void build(VolumeBench bench) throws IOException {
    var now = Records.time(bench.clock().instant());
    Inode root =
        Inode.newBuilder()
            .setType(FileType.FILE_TYPE_DIRECTORY)
            .setRegion(VolumeBuilder.REGION)
            .setMode(0700)
            .setLinks(2)
            .setModified(now)
            .setChanged(now)
            .setAccessed(now)
            .setCreated(now)
            .build();
    Region region = Region.encrypted(VolumePath.ROOT, ".");
    try (VolumeBuilder builder =
        VolumeBuilder.begin(bench.environment(), bench.location(), bench.options(), region, true)) {
      builder.inode(builder.newInode(), root);
      assertThat(builder.commit().directories()).isEqualTo(1);
    }
  }

  private static boolean isBuilt(Volume volume) throws IOException {
    return volume.attributes(VolumePath.ROOT).mode() == 0700;
  }

  /** With the volume's own id as its name in the store: the old volume or the new one opens. */
  @Test
  void aNewVolumeInThePlaceOfAnOldOne() throws IOException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      boolean crashed = true;
      for (int at = 1; crashed; at++) {
        var own = new HonestStore();
        VolumeBench bench = bench(seed, Freshness.store(own, TagPolicy.ROLLBACK_PROTECTED));
        VolumeDump content = filled(bench);
        bench.host().crashAt(bench.host().operations() + at);
        crashed = crashes(() -> build(bench));
        bench.setHost(bench.host().afterCrash(bench.random()));
        try (Volume volume = bench.open()) {
          if (!isBuilt(volume)) {
            assertThat(crashed).isTrue();
            assertThat(VolumeDump.ofProtected(volume).differenceFrom(content)).isEmpty();
          }
        }
      }
    }
  }

  /** Under a name of its own in the store: what does not open can be made once more. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewVolumeUnderTheNameOfAnOldOne(boolean oldIsGone) throws IOException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      boolean crashed = true;
      for (int at = 1; crashed; at++) {
        TagPolicy policy = TagPolicy.ROLLBACK_PROTECTED_REINITIALIZABLE;
        VolumeBench bench = bench(seed, Freshness.store(new HonestStore(), policy, "mine"));
        VolumeDump content = filled(bench);
        if (oldIsGone) {
          bench.host().delete(VolumeBench.FILE);
        }
        bench.host().crashAt(bench.host().operations() + at);
        crashed = crashes(() -> build(bench));
        SimulatedHost left = bench.host().afterCrash(bench.random());
        bench.setHost(left);
        boolean opened = left.exists(VolumeBench.FILE) && opensOldOrNew(bench, content);
        if (!opened) {
          assertThat(crashed).isTrue();
          build(bench);
          assertThat(opensOldOrNew(bench, content)).isTrue();
        }
      }
    }
  }

  private static boolean opensOldOrNew(VolumeBench bench, VolumeDump content) throws IOException {
    try (Volume volume = bench.open()) {
      if (!isBuilt(volume)) {
        assertThat(VolumeDump.ofProtected(volume).differenceFrom(content)).isEmpty();
      }
      return true;
    } catch (FreshnessException e) {
      return false;
    }
  }
}
