package io.fspf.internal.volume;

import io.fspf.DirectoryCursor;
import io.fspf.FileType;
import io.fspf.Name;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Entries that were read before, all at once. For one thread. */
final class FixedCursor implements DirectoryCursor {
  private final Iterator<Map.Entry<Name, FileType>> entries;
  private io.fspf.@Nullable DirectoryEntry current;

  FixedCursor(SortedMap<Name, FileType> entries) {
    this.entries = entries.entrySet().iterator();
  }

  @Override
  public boolean next() {
    current = null;
    if (entries.hasNext()) {
      var entry = entries.next();
      current = new io.fspf.DirectoryEntry(entry.getKey(), entry.getValue());
    }
    return current != null;
  }

  @Override
  public io.fspf.DirectoryEntry entry() {
    if (current == null) {
      throw new IllegalStateException("No entry here");
    }
    return current;
  }
}
