package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.Name;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeLockedException;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.HostLock;
import io.fspf.internal.host.SimulatedCrash;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.MetadataLog;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A new fspf file beside the old one: its names and its locks. */
class RewriterTest {
  private static final CommitFields FIELDS = new CommitFields(1, 0, 0, 0, 0, false);

  private final VolumeBench bench = new VolumeBench(3, false);
  private HostDirectory home;

  @BeforeEach
  void create() throws IOException {
    bench.create(VolumeBench.REGIONS).close();
    home = bench.location().home();
  }

  @AfterEach
  void nothingStaysOpen() {
    bench.checkNothingOpen();
  }

  private Rewriter begin() throws IOException {
    // Without a key there is nothing to wipe.
    NewHeader header = NewHeader.ofNewVolume(bench.environment(), bench.options());
    return Rewriter.begin(
        bench.environment(),
        bench.location(),
        file -> header.start(file, bench.environment().treeOptions(bench.options())));
  }

  private List<VolumePath> drafts() throws IOException {
    return home.list(VolumePath.ROOT).stream()
        .filter(name -> Rewriter.isDraft(bench.location(), name))
        .map(VolumePath.ROOT::resolve)
        .toList();
  }

  @Test
  void whatIsNotPutInPlaceGoes() throws IOException {
    byte[] before = bench.host().read(VolumeBench.FILE);
    try (Rewriter rewriter = begin()) {
      rewriter.log().commit(rewriter.log().empty(), FIELDS);
      VolumePath draft = drafts().get(0);
      // Nobody takes it for what a crash left.
      Rewriter.removeStale(bench.location());
      assertThat(drafts()).containsExactly(draft);
      assertThatThrownBy(() -> home.lock(draft, true)).isInstanceOf(VolumeLockedException.class);
    }
    assertThat(drafts()).isEmpty();
    assertThat(bench.host().read(VolumeBench.FILE)).isEqualTo(before);
  }

  @Test
  void whatIsKeptStaysAndIsLockedByNobody() throws IOException {
    try (Rewriter rewriter = begin()) {
      rewriter.log().commit(rewriter.log().empty(), FIELDS);
      rewriter.keep();
      assertThat(Rewriter.findPublished(bench.location(), rewriter.log().head().tag()))
          .contains(drafts().get(0));
    }
    VolumePath draft = drafts().get(0);
    // Its name survives a crash.
    SimulatedHost stopped = bench.host().afterCrashLosingAll();
    assertThat(stopped.directory(VolumeBench.HOME).list(VolumePath.ROOT)).contains(draft.name());
    home.lock(draft, true).close();
    Rewriter.removeStale(bench.location());
    assertThat(drafts()).isEmpty();
  }

  @Test
  void whatIsPutInPlaceIsLockedUntilItsLockIsClosed() throws IOException {
    HostLock lock;
    RootTag tag;
    try (Rewriter rewriter = begin()) {
      tag = rewriter.log().commit(rewriter.log().empty(), FIELDS).tag();
      rewriter.install();
      assertThat(rewriter.isInstalled()).isTrue();
      lock = rewriter.lock();
    }
    assertThat(drafts()).isEmpty();
    assertThatThrownBy(() -> bench.open().close()).isInstanceOf(VolumeLockedException.class);
    lock.close();
    bench.setHost(bench.host().afterCrashLosingAll());
    try (HostFile file = bench.location().open(HostDirectory.Mode.READ)) {
      assertThat(MetadataLog.tagOf(file)).isEqualTo(tag);
    }
  }

  /** A volume that was begun is one of these as well. */
  @Test
  void whatACrashAmidCreationLeftGoesWithTheNextAttempt() throws IOException {
    for (int crashAt = 1; ; crashAt++) {
      var fresh = new VolumeBench(3, false);
      fresh.host().crashAt(fresh.host().operations() + crashAt);
      try {
        fresh.create(VolumeBench.REGIONS).close();
        break;
      } catch (SimulatedCrash e) {
        fresh.setHost(fresh.host().afterCrashKeepingAll());
      }
      if (!fresh.host().exists(VolumeBench.FILE)) {
        fresh.create(VolumeBench.REGIONS).close();
      }
      fresh.open().close();
      assertThat(fresh.host().directory(VolumeBench.HOME).list(VolumePath.ROOT))
          .as("crash at operation %d", crashAt)
          .filteredOn(name -> name.toString().contains(Volume.FILE_NAME))
          .containsExactly(Name.of(Volume.FILE_NAME));
    }
  }

  @Test
  void whereTheNewFileCannotBeStartedNothingIsLeft() throws IOException {
    VolumePath[] made = new VolumePath[1];
    assertThatThrownBy(
            () ->
                Rewriter.begin(
                    bench.environment(),
                    bench.location(),
                    file -> {
                      made[0] = drafts().get(0);
                      throw new IOException("no space");
                    }))
        .hasMessage("no space");
    assertThat(drafts()).isEmpty();
    home.open(made[0], HostDirectory.Mode.CREATE).close();
    home.lock(made[0], true).close();
  }
}
