package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.NodePointer;
import io.fspf.internal.tree.TreeCheck;
import java.io.IOException;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks the fspf file of a volume: its end, every node that the head needs, every earlier commit.
 * On the way it learns which records are lost and which objects the others refer to. For one
 * thread.
 */
final class MetadataCheck {
  private final MetadataLog log;
  private final CommitInfo head;
  private final String metadataName;
  private final VolumeCheck.Listener listener;
  private final LostRecords lost;
  private final ObjectInventory objects;

  /**
   * For one volume.
   *
   * @param metadataName of the fspf file
   * @param lost takes what cannot be read
   * @param objects hears of all records that can
   */
  MetadataCheck(
      MetadataLog log,
      String metadataName,
      VolumeCheck.Listener listener,
      LostRecords lost,
      ObjectInventory objects) {
    this.log = log;
    this.head = log.head();
    this.metadataName = metadataName;
    this.listener = listener;
    this.lost = lost;
    this.objects = objects;
  }

  /** Does all of it. */
  void run() throws IOException {
    checkEnd();
    checkNodes();
  }

  private void checkEnd() throws IOException {
    if (head.fields().openForWriting()) {
      listener.note(
          "A writer did not close the volume, so files of the host may hold more than the last"
              + " commit: 'fspf recover' puts that right");
    } else if (log.strayBytes() > 0) {
      listener.damaged(
          metadataName,
          head.end(),
          "bytes stand behind the last commit that no writer who ended well left there: 'fspf"
              + " recover' cuts them off");
    }
  }

  private void checkNodes() throws IOException {
    var lostNodes = new TreeSet<Long>();
    TreeCheck.Result result =
        TreeCheck.verify(
            log.tree(),
            new TreeCheck.Visitor() {
              @Override
              public void record(byte[] key, byte[] value) {
                listener.advanced(0, 0);
                objects.note(key, value);
              }

              @Override
              public void damaged(
                  NodePointer pointer,
                  byte[] low,
                  byte @Nullable [] high,
                  IntegrityException violation) {
                lost.add(low, high);
                lostNodes.add(pointer.offset());
                listener.damaged(metadataName, pointer.offset(), violation.reason());
              }
            });
    checkHistory(lostNodes);
    if (result.isSound() && result.nodeBytes() != head.liveNodeBytes()) {
      listener.damaged(
          metadataName, head.offset(), "the commit miscounts the nodes that it refers to");
    }
  }

  /** Earlier commits, and nodes that only they needed, are part of the file too. */
  private void checkHistory(NavigableSet<Long> lostNodes) throws IOException {
    log.history()
        .check(
            (from, to, reason) -> {
              listener.advanced(0, 0);
              Long known = lostNodes.ceiling(from);
              if (known == null || known >= to) {
                listener.damaged(metadataName, from, reason);
              }
            });
  }
}
