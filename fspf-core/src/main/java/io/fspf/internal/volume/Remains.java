package io.fspf.internal.volume;

import io.fspf.CrashRemains;
import io.fspf.internal.format.Orphan;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.MetadataLog;
import java.io.IOException;

/** Finds what writers that never closed a volume left behind. */
final class Remains {
  private Remains() {}

  /** What the head of the log tells. */
  static CrashRemains of(MetadataLog log) throws IOException {
    long pending = 0;
    Cursor operations = log.tree().cursor(Keys.prefix(0, Keys.PENDING));
    while (operations.next() && Keys.matches(operations.key(), 0, Keys.PENDING)) {
      pending++;
    }
    long unlinked = 0;
    long discarded = 0;
    Cursor orphans = log.tree().cursor(Keys.prefix(0, Keys.ORPHAN));
    while (orphans.next() && Keys.matches(orphans.key(), 0, Keys.ORPHAN)) {
      if (Records.parse(Orphan.parser(), orphans.value()).getInode() != 0) {
        unlinked++;
      } else {
        discarded++;
      }
    }
    return new CrashRemains(
        log.head().fields().openForWriting(), log.strayBytes(), pending, unlinked, discarded);
  }
}
