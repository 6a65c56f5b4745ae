package io.fspf.internal.volume;

import static io.fspf.internal.host.Operation.Kind.SYNC;
import static io.fspf.internal.host.Operation.Kind.SYNC_DIRECTORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.Freshness;
import io.fspf.FreshnessException;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.host.Operation;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.key.KeyProviders;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagState;
import io.fspf.tag.TagStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** In which order a volume's states become durable, known and served. */
class FreshnessGuardTest {
  private final VolumeBench bench = new VolumeBench(4);

  /** Remembers one volume, and tells what the host had done when it was asked to. */
  private final class Store implements TagStore {
    private final List<List<Operation>> before = new ArrayList<>();
    private @Nullable TagState state;
    private final Set<String> names = new HashSet<>();
    private boolean unreachable;

    @Override
    public Optional<TagState> load(String volume) {
      return Optional.ofNullable(state);
    }

    @Override
    public boolean compareAndSet(String volume, @Nullable RootTag expected, TagState next)
        throws IOException {
      if (unreachable) {
        throw new IOException("the store is out of reach");
      }
      names.add(volume);
      before.add(List.copyOf(bench.host().log()));
      boolean matches = state == null ? expected == null : state.tag().equals(expected);
      if (matches) {
        state = next;
      }
      return matches;
    }
  }

  private final Store store = new Store();

  private void createStored() throws IOException {
    bench.setFreshness(Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED));
    bench.host().startLog();
    bench.create(VolumeBench.REGIONS).close();
  }

  /** A commit that is durable, or nearly so, and that the store does not know. */
  private RootTag unpublished() throws IOException {
    store.unreachable = true;
    SimulatedHost machine = bench.host();
    SimulatedHost writer = machine.newProcess();
    bench.setHost(writer);
    try {
      Volume volume = Volumes.open(bench.environment(), bench.location(), unchecked());
      volume.createDirectory(VolumePath.of("/d"), 0755);
      RootTag tag = volume.commit();
      writer.kill();
      return tag;
    } finally {
      bench.setHost(machine);
      store.unreachable = false;
    }
  }

  private VolumeOptions unchecked() {
    Freshness stored = Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED);
    bench.setFreshness(Freshness.unchecked());
    VolumeOptions options = bench.options().writable();
    bench.setFreshness(stored);
    return options;
  }

  private static int last(List<Operation> calls, Operation.Kind kind) {
    int last = -1;
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).kind() == kind) {
        last = i;
      }
    }
    return last;
  }

  @Test
  void aStateIsDurableBeforeItIsKnown() throws IOException {
    createStored();
    for (boolean writable : new boolean[] {true, false}) {
      RootTag tag = unpublished();
      store.before.clear();
      bench.host().startLog();
      try (Volume volume = writable ? bench.open() : bench.openForReading()) {
        assertThat(volume.tag()).isEqualTo(tag);
        assertThat(store.before).hasSize(1);
        assertThat(last(store.before.get(0), SYNC)).isNotNegative();
        assertThat(store.load("").orElseThrow().tag()).isEqualTo(tag);
      }
      // What is known already is not told again.
      store.before.clear();
      bench.openForReading().close();
      bench.open().close();
      assertThat(store.before).isEmpty();
      try (Volume volume = bench.open()) {
        volume.delete(VolumePath.of("/d"));
      }
    }
  }

  @Test
  void soIsTheFirstThatTheStoreLearns() throws IOException {
    for (boolean writable : new boolean[] {true, false}) {
      bench.setFreshness(Freshness.unchecked());
      if (writable) {
        bench.create(VolumeBench.REGIONS).close();
      }
      RootTag tag = unpublished();
      store.state = null;
      store.before.clear();
      bench.setFreshness(Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED));
      bench.host().startLog();
      try (Volume volume = writable ? bench.open() : bench.openForReading()) {
        assertThat(volume.tag()).isEqualTo(tag);
        assertThat(store.before).hasSize(1);
        assertThat(last(store.before.get(0), SYNC)).isNotNegative();
      }
      bench.setFreshness(Freshness.unchecked());
      try (Volume volume = bench.open()) {
        volume.delete(VolumePath.of("/d"));
      }
    }
  }

  @Test
  void whatTheStoreMissedItIsToldByTheNextCommit() throws IOException {
    createStored();
    try (Volume volume = bench.open()) {
      volume.createDirectory(VolumePath.of("/d"), 0755);
      store.unreachable = true;
      assertThatThrownBy(volume::commit).hasMessage("the store is out of reach");
      store.unreachable = false;
      RootTag tag = volume.commit();
      assertThat(store.load("").orElseThrow().tag()).isEqualTo(tag).isEqualTo(volume.tag());
      assertThat(store.names).containsExactly(volume.info().volumeId());
      int told = store.before.size();
      volume.commit();
      assertThat(store.before).hasSize(told);
      volume.compact();
      assertThat(store.load("").orElseThrow().tag()).isEqualTo(volume.tag()).isNotEqualTo(tag);
    }
    try (Volume volume = bench.openForReading()) {
      assertThat(store.load("").orElseThrow().tag()).isEqualTo(volume.tag());
    }
  }

  @Test
  void soItIsWhereTheFirstChangeCouldNotBeTold() throws IOException {
    createStored();
    try (Volume volume = bench.open()) {
      store.unreachable = true;
      assertThatThrownBy(() -> volume.createDirectory(VolumePath.of("/d"), 0755))
          .hasMessage("the store is out of reach");
      store.unreachable = false;
      volume.commit();
      assertThat(store.load("").orElseThrow().tag()).isEqualTo(volume.tag());
    }
    bench.checkNothingOpen();
  }

  @Test
  void theFirstStateOfAFileIsKnownAfterItsName() throws IOException {
    createStored();
    SimulatedHost machine = bench.host();
    SimulatedHost writer = machine.newProcess();
    bench.setHost(writer);
    Volume compacted = bench.open();
    compacted.createDirectory(VolumePath.of("/d"), 0755);
    compacted.compact();
    RootTag tag = compacted.tag();
    writer.kill();
    bench.setHost(machine);
    for (boolean writable : new boolean[] {false, true}) {
      bench.host().startLog();
      try (Volume volume = writable ? bench.open() : bench.openForReading()) {
        assertThat(volume.tag()).isEqualTo(tag);
      }
      assertThat(last(bench.host().log(), SYNC_DIRECTORY) >= 0).isEqualTo(writable);
    }
  }

  @Test
  void anotherStateThanThePinnedOneIsToldFromAWrongKey() throws IOException {
    RootTag tag;
    bench.create(VolumeBench.REGIONS).close();
    try (Volume volume = bench.openForReading()) {
      tag = volume.tag();
    }
    var wrong = KeyProviders.raw(VolumeKey.generate());
    bench.setFreshness(Freshness.pinned(tag));
    assertThatThrownBy(
            () ->
                Volumes.open(
                    bench.environment(), bench.location(), bench.options().withKeys(wrong)))
        .isInstanceOf(VolumeKeyException.class);
    bench.setFreshness(Freshness.pinned(RootTag.ofBytes(new byte[32])));
    assertThatThrownBy(
            () ->
                Volumes.open(
                    bench.environment(), bench.location(), bench.options().withKeys(wrong)))
        .isInstanceOf(FreshnessException.class)
        .hasMessageContaining(tag.toString());
  }
}
