package io.fspf.internal.host;

import com.google.common.collect.MapMaker;
import java.io.IOException;
import java.nio.channels.FileChannel;
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

  /** Held while a file has its new name and those who have it open do not know it yet. */
  private static final Object MONITOR = new Object();

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

  /** Moves a file and tells those who have it open of its new name. */
  static void rename(Path from, Path to, Move move) throws IOException {
    Set<NioFile> files =
        OPEN.isEmpty() ? Set.of() : OPEN.getOrDefault(NioAttributes.id(from), Set.of());
    if (files.isEmpty()) {
      move.run();
      return;
    }
    synchronized (MONITOR) {
      move.run();
      files.forEach(file -> file.renamed(to));
    }
  }

  /** Opens a file again, at a moment when its name is right. */
  static FileChannel reopen(Reopen reopen) throws IOException {
    synchronized (MONITOR) {
      return reopen.open();
    }
  }

  /** The move itself. */
  interface Move {
    void run() throws IOException;
  }

  /** The open itself. */
  interface Reopen {
    FileChannel open() throws IOException;
  }
}
