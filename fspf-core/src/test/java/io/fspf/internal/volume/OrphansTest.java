package io.fspf.internal.volume;

import static io.fspf.internal.host.Operation.Kind.DELETE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.fspf.Integrity;
import io.fspf.Region;
import io.fspf.VolumePath;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.internal.tree.HeaderFields;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import io.fspf.internal.tree.TreeOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits to be deleted, in memory and in the records. */
class OrphansTest {
  private static final int REGION = 1;

  private final SimulatedHost host = new SimulatedHost().makeDirectories("/v");
  private final Orphans orphans = new Orphans();
  private RegionTable regions;
  private RegionStores stores;
  private Tree tree;

  @BeforeEach
  void start() throws IOException {
    HostDirectory directory = host.directory("/v");
    var region = new MountedRegion(REGION, Region.encrypted(VolumePath.ROOT, "."), 1, directory);
    regions = new RegionTable(List.of(region));
    stores = new RegionStores(new HostJournal(() -> regions), true, orphans);
    MetadataLog log =
        MetadataLog.create(
            directory.open(VolumePath.of("/fspf.pb"), HostDirectory.Mode.CREATE),
            new HeaderFields(ByteString.copyFrom(new byte[16]), ByteString.EMPTY, List.of(), null),
            null,
            TreeOptions.defaults());
    tree = log.empty();
  }

  private static FileIdentity object(int number) {
    byte[] id = new byte[16];
    id[0] = (byte) number;
    return new FileIdentity(REGION, id, 0, Integrity.GCM, Region.DEFAULT_CHUNK_SIZE);
  }

  private int freeze(long epoch) throws IOException {
    var edits = new TreeEdits();
    orphans.freeze(edits, epoch);
    tree = tree.apply(edits);
    return edits.size();
  }

  private int delete(long epoch) throws IOException {
    long before = host.count(DELETE);
    orphans.delete(epoch, regions, stores);
    return (int) (host.count(DELETE) - before);
  }

  @Test
  void anObjectIsDeletedOnceWhenNoStateRefersToItAnyMore() throws IOException {
    assertThat(orphans.isEmpty()).isTrue();
    assertThat(orphans.isNoted()).isFalse();
    orphans.discarded(REGION, object(1));
    assertThat(orphans.isNoted()).isTrue();
    assertThat(orphans.isEmpty()).isFalse();
    assertThat(freeze(5)).isEqualTo(1);
    assertThat(orphans.isNoted()).isFalse();
    assertThat(orphans.isEmpty()).isFalse();
    assertThat(delete(4)).isZero();
    assertThat(orphans.isDeleted()).isFalse();
    assertThat(delete(5)).isEqualTo(1);
    assertThat(orphans.isDeleted()).isTrue();
    assertThat(orphans.isEmpty()).isTrue();
    assertThat(delete(6)).isZero();
    assertThat(freeze(7)).isEqualTo(1);
    assertThat(tree.isEmpty()).isTrue();
    assertThat(orphans.isDeleted()).isFalse();
    assertThat(freeze(8)).isZero();
  }

  @Test
  void eachHasARecordOfItsOwnAlsoAfterACrash() throws IOException {
    for (int i = 1; i <= 3; i++) {
      orphans.discarded(REGION, object(i));
    }
    assertThat(freeze(1)).isEqualTo(3);
    var next = new Orphans();
    assertThat(next.load(tree)).isEmpty();
    // Deleted before anything else; what comes now must not get the records of those.
    next.discarded(REGION, object(4));
    var edits = new TreeEdits();
    next.freeze(edits, 1);
    Tree more = tree.apply(edits);
    long before = host.count(DELETE);
    next.delete(Orphans.BEFORE, regions, stores);
    assertThat(host.count(DELETE) - before).isEqualTo(3);
    var last = new Orphans();
    edits = new TreeEdits();
    next.freeze(edits, 2);
    assertThat(last.load(more.apply(edits))).isEmpty();
    assertThat(last.isEmpty()).isFalse();
    before = host.count(DELETE);
    last.delete(Orphans.BEFORE, regions, stores);
    assertThat(host.count(DELETE) - before).isEqualTo(1);
  }
}
