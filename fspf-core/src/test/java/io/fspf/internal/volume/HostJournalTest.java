package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.fspf.IntegrityException;
import io.fspf.Region;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.internal.tree.HeaderFields;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import io.fspf.internal.tree.TreeOptions;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The records of what commits change on the host. */
class HostJournalTest {
  private static final VolumePath FILE = VolumePath.of("/file");
  private static final VolumePath DIRECTORY = VolumePath.of("/directory");

  private final SimulatedHost host = new SimulatedHost().makeDirectories("/v");
  private HostDirectory directory;
  private MountedRegion region;
  private RegionTable regions;
  private MetadataLog log;

  @BeforeEach
  void start() throws IOException {
    directory = host.directory("/v");
    region = new MountedRegion(1, Region.authenticated(VolumePath.ROOT, "."), 1, directory);
    regions = new RegionTable(List.of(region));
    log =
        MetadataLog.create(
            directory.open(VolumePath.of("/fspf.pb"), HostDirectory.Mode.CREATE),
            new HeaderFields(ByteString.copyFrom(new byte[16]), ByteString.EMPTY, List.of(), null),
            null,
            TreeOptions.defaults());
  }

  private HostJournal journal() {
    return new HostJournal(() -> regions);
  }

  private static TreeEdits frozen(HostJournal journal) {
    var edits = new TreeEdits();
    journal.freeze(edits);
    return edits;
  }

  private int mode(VolumePath path) throws IOException {
    return directory.attributes(path).mode() & 0777;
  }

  @Test
  void whatIsNotedIsRecordedCarriedOutAndTakenOutOfTheRecords() throws IOException {
    HostJournal journal = journal();
    assertThat(journal.isNoted()).isFalse();
    journal.makeDirectory(region, DIRECTORY);
    assertThat(journal.isNoted()).isTrue();
    assertThat(journal.isPending()).isFalse();
    Tree recorded = log.empty().apply(frozen(journal));
    assertThat(recorded.isEmpty()).isFalse();
    assertThat(journal.isNoted()).isFalse();
    assertThat(journal.isPending()).isTrue();
    assertThat(journal.isCarriedOut()).isFalse();
    assertThatThrownBy(() -> mode(DIRECTORY)).isInstanceOf(NoSuchFileException.class);
    journal.carryOut();
    assertThat(mode(DIRECTORY)).isPositive();
    assertThat(journal.isPending()).isFalse();
    assertThat(journal.isCarriedOut()).isTrue();
    assertThat(recorded.apply(frozen(journal)).isEmpty()).isTrue();
    assertThat(journal.isCarriedOut()).isFalse();
    assertThat(frozen(journal).isEmpty()).isTrue();
  }

  @Test
  void theLastDecisionOnAPathCounts() throws IOException {
    directory.open(FILE, HostDirectory.Mode.CREATE).close();
    HostJournal journal = journal();
    journal.setMode(region, FILE, 0600);
    journal.setMode(region, FILE, 0640);
    assertThat(frozen(journal).size()).isEqualTo(1);
    journal.carryOut();
    assertThat(mode(FILE)).isEqualTo(0640);
    // What is removed needs no mode any more.
    journal.setMode(region, FILE, 0600);
    journal.remove(region, FILE);
    assertThat(frozen(journal).size()).as("two, and one that is taken out").isEqualTo(2);
    journal.carryOut();
    assertThatThrownBy(() -> mode(FILE)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void whatACommitDecidedBeforeACrashIsTakenUp() throws IOException {
    directory.open(FILE, HostDirectory.Mode.CREATE).close();
    HostJournal crashed = journal();
    crashed.setMode(region, FILE, 0600);
    crashed.makeDirectory(region, DIRECTORY);
    Tree tree = log.empty().apply(frozen(crashed));
    // Of a commit that came before that was carried out.
    crashed.setMode(region, FILE, 0640);
    Tree both = tree.apply(frozen(crashed));

    HostJournal journal = journal();
    journal.load(both);
    assertThat(journal.isPending()).isTrue();
    journal.carryOut();
    assertThat(mode(FILE)).isEqualTo(0640);
    assertThat(mode(DIRECTORY)).isPositive();
    journal.setMode(region, FILE, 0604);
    Tree next = both.apply(frozen(journal));
    journal.carryOut();
    assertThat(next.apply(frozen(journal)).isEmpty()).isTrue();
    assertThat(mode(FILE)).isEqualTo(0604);
  }

  @Test
  void bothRecordsOfOnePathAreTakenOut() throws IOException {
    directory.open(FILE, HostDirectory.Mode.CREATE).close();
    var edits = new TreeEdits();
    edits.put(Keys.pending(3), PendingOperation.setMode(region, FILE, 0600).encode());
    edits.put(Keys.pending(9), PendingOperation.setMode(region, FILE, 0640).encode());
    Tree tree = log.empty().apply(edits);
    HostJournal journal = journal();
    journal.load(tree);
    journal.carryOut();
    assertThat(mode(FILE)).isEqualTo(0640);
    assertThat(tree.apply(frozen(journal)).isEmpty()).isTrue();
  }

  @Test
  void recordsWithoutARegionOrWithANegativeNumberAreRefused() throws IOException {
    var other =
        new MountedRegion(2, Region.authenticated(VolumePath.of("/other"), "other"), 2, directory);
    var edits = new TreeEdits();
    edits.put(Keys.pending(1), PendingOperation.setMode(other, FILE, 0600).encode());
    HostJournal journal = journal();
    journal.load(log.empty().apply(edits));
    assertThatThrownBy(journal::carryOut).isInstanceOf(IntegrityException.class);
    var negative = new TreeEdits();
    negative.put(Keys.pending(-1), PendingOperation.setMode(region, FILE, 0600).encode());
    Tree tree = log.empty().apply(negative);
    assertThatThrownBy(() -> journal().load(tree)).isInstanceOf(IntegrityException.class);
  }
}
