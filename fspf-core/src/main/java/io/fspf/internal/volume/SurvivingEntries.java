package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.format.DirectoryEntry;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.Tree;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Goes through the names of a directory, also behind nodes that are lost. For one thread. */
final class SurvivingEntries {
  /** A name and what the directory says of it. */
  record Found(Name name, DirectoryEntry entry) {}

  private final Tree tree;
  private final LostRecords lost;
  private final Findings findings;
  private final VolumePath path;
  private final long directory;
  private byte[] position;
  private Cursor cursor;
  private boolean ended;

  SurvivingEntries(
      Tree tree, LostRecords lost, Findings findings, VolumePath path, long directory) {
    this.tree = tree;
    this.lost = lost;
    this.findings = findings;
    this.path = path;
    this.directory = directory;
    this.position = Keys.prefix(directory, Keys.ENTRY);
    this.cursor = tree.cursor(position);
  }

  /** The next name, or null behind the last. */
  @Nullable Found next() throws IOException {
    while (!ended) {
      try {
        if (!cursor.next() || !Keys.matches(cursor.key(), directory, Keys.ENTRY)) {
          return null;
        }
      } catch (IntegrityException e) {
        findings.damaged(path, "names in it are lost: " + e.getMessage());
        skipLost();
        continue;
      }
      position = cursor.key();
      try {
        return new Found(Keys.name(position), Records.entry(cursor.value()));
      } catch (IntegrityException | IllegalArgumentException e) {
        findings.damaged(path, "a name in it is malformed");
      }
    }
    return null;
  }

  private void skipLost() {
    byte[] behind = lost.behind(position);
    if (behind == null) {
      ended = true;
    } else {
      position = behind;
      cursor = tree.cursor(behind);
    }
  }
}
