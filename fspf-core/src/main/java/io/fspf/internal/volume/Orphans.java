package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import io.fspf.Integrity;
import io.fspf.Region;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.format.Orphan;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Objects and staged copies that the commit to come does not refer to any more. That commit records
 * them, so that no crash leaves them behind; once nobody can read an earlier state they are
 * deleted, and the next commit takes their records out.
 *
 * <p>Any thread may {@linkplain #discarded discard} something; all else is guarded by the
 * committer's lock.
 */
final class Orphans implements RegionStores.DiscardListener {
  /** The epoch of what the commit at which the volume was opened had left. */
  static final long BEFORE = -1;

  private record Discarded(int region, FileIdentity identity) {}

  /**
   * What a commit has recorded.
   *
   * @param epoch the commit's; earlier states may refer to the object
   * @param sequence of the record
   */
  private record Recorded(long epoch, long sequence, int region, FileIdentity identity) {}

  private final ConcurrentLinkedQueue<Discarded> discarded = new ConcurrentLinkedQueue<>();
  private final List<Recorded> waiting = new ArrayList<>();

  /** The sequences of what was deleted. */
  private final List<Long> deleted = new ArrayList<>();

  private long nextSequence = 1;

  /** The commit to come no longer refers to this object, or never will to this staged copy. */
  @Override
  public void discarded(int region, FileIdentity identity) {
    discarded.add(new Discarded(region, identity));
  }

  /**
   * Takes up what the commit at which the volume was opened had left to be deleted.
   *
   * @return inodes without a name
   */
  List<Long> load(Tree tree) throws IOException {
    List<Long> unlinked = new ArrayList<>();
    Cursor cursor = tree.cursor(Keys.prefix(0, Keys.ORPHAN));
    while (cursor.next() && Keys.matches(cursor.key(), 0, Keys.ORPHAN)) {
      long sequence = Keys.number(cursor.key());
      Orphan orphan = Records.parse(Orphan.parser(), cursor.value());
      if (orphan.getInode() != 0) {
        unlinked.add(orphan.getInode());
        continue;
      }
      nextSequence = sequence + 1;
      var identity =
          new FileIdentity(
              orphan.getRegion(),
              orphan.getFileId().toByteArray(),
              orphan.getKeyEpoch(),
              Integrity.GCM,
              Region.DEFAULT_CHUNK_SIZE);
      waiting.add(new Recorded(BEFORE, sequence, orphan.getRegion(), identity));
    }
    return unlinked;
  }

  /** Whether something was discarded that no commit has recorded. */
  boolean isNoted() {
    return !discarded.isEmpty();
  }

  /** Whether there are records that the next commit takes out. */
  boolean isDeleted() {
    return !deleted.isEmpty();
  }

  /** Whether nothing is to be deleted, now or later. */
  boolean isEmpty() {
    return waiting.isEmpty() && discarded.isEmpty();
  }

  /** Records what was discarded up to the commit of this epoch; nobody changes anything. */
  void freeze(TreeEdits edits, long epoch) {
    for (long sequence : deleted) {
      edits.remove(Keys.orphan(sequence));
    }
    deleted.clear();
    for (Discarded object = discarded.poll(); object != null; object = discarded.poll()) {
      long sequence = nextSequence++;
      edits.put(
          Keys.orphan(sequence),
          Orphan.newBuilder()
              .setRegion(object.region())
              .setFileId(ByteString.copyFrom(object.identity().fileId()))
              .setKeyEpoch(object.identity().epoch())
              .build()
              .toByteArray());
      waiting.add(new Recorded(epoch, sequence, object.region(), object.identity()));
    }
  }

  /** Deletes what the commits up to this epoch, which are durable, do not refer to. */
  void delete(long epoch, RegionTable regions, RegionStores stores) throws IOException {
    for (var iterator = waiting.iterator(); iterator.hasNext(); ) {
      Recorded object = iterator.next();
      if (object.epoch() <= epoch) {
        MountedRegion region = regions.byId(object.region());
        if (region != null) {
          stores.delete(region, object.identity());
        }
        deleted.add(object.sequence());
        iterator.remove();
      }
    }
  }
}
