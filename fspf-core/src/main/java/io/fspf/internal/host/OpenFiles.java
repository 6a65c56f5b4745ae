package io.fspf.internal.host;

import com.google.common.collect.MapMaker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The open files of this JVM by identity, so that a file that is renamed while it is open can be
 * opened again under its new name after an interrupt has closed its channel.
 */
final class OpenFiles {
  // Weak: a file that was never closed is not kept alive by this table.
  private static final ConcurrentMap<FileId, Set<NioFile>> OPEN = new ConcurrentHashMap<>();

  private OpenFiles() {}

  static void add(NioFile file) {
    OPEN.compute(
        file.id(),
        (id, files) -> {
          Set<NioFile> all =
              files == null
                  ? Collections.newSetFromMap(new MapMaker().weakKeys().makeMap())
                  : files;
          all.add(file);
          return all;
        });
  }

  static void remove(NioFile file) {
    OPEN.computeIfPresent(
        file.id(),
        (id, files) -> {
          files.remove(file);
          return files.isEmpty() ? null : files;
        });
  }

  /** To be called before a rename; what it returns, after it. */
  static Renaming renaming(Path from) throws IOException {
    if (OPEN.isEmpty()) {
      return to -> {};
    }
    Set<NioFile> files = OPEN.getOrDefault(NioAttributes.id(from), Set.of());
    return to -> files.forEach(file -> file.renamed(to));
  }

  /** Tells open files of their new name. */
  interface Renaming {
    void done(Path to);
  }
}
