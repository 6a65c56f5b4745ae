package io.fspf.internal.volume;

import io.fspf.DirectoryCursor;
import io.fspf.FileType;
import io.fspf.Name;
import io.fspf.internal.format.DirectoryEntry;
import io.fspf.internal.tree.Cursor;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory in the tree, with the embed points in it, in the order of their names.
 * For one thread.
 */
final class EntryCursor implements DirectoryCursor {
  private final Cursor cursor;
  private final long directory;
  private final TreeMap<Name, RegionTable.Embedding> embedded;
  private boolean ahead;
  private io.fspf.@Nullable DirectoryEntry upcoming;
  private io.fspf.@Nullable DirectoryEntry current;

  EntryCursor(Cursor cursor, long directory, SortedMap<Name, RegionTable.Embedding> embedded) {
    this.cursor = cursor;
    this.directory = directory;
    this.embedded = new TreeMap<>(embedded);
  }

  @Override
  public boolean next() throws IOException {
    if (!ahead) {
      upcoming = read();
      ahead = true;
    }
    if (!embedded.isEmpty()
        && (upcoming == null || embedded.firstKey().compareTo(upcoming.name()) <= 0)) {
      Name name = embedded.firstKey();
      embedded.remove(name);
      current = new io.fspf.DirectoryEntry(name, FileType.DIRECTORY);
      if (upcoming != null && upcoming.name().equals(name)) {
        ahead = false;
      }
      return true;
    }
    current = upcoming;
    ahead = false;
    return current != null;
  }

  private io.fspf.@Nullable DirectoryEntry read() throws IOException {
    if (!cursor.next() || !Keys.matches(cursor.key(), directory, Keys.ENTRY)) {
      return null;
    }
    DirectoryEntry entry = Records.entry(cursor.value());
    return new io.fspf.DirectoryEntry(Keys.name(cursor.key()), Records.type(entry.getType()));
  }

  @Override
  public io.fspf.DirectoryEntry entry() {
    if (current == null) {
      throw new IllegalStateException("No entry here");
    }
    return current;
  }
}
