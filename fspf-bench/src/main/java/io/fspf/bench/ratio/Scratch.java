package io.fspf.bench.ratio;

import com.google.common.io.Closer;
import io.fspf.Region;
import io.fspf.bench.contender.Contender;
import io.fspf.bench.contender.Kind;
import io.fspf.bench.work.Directories;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A place for one comparison's files, and what it has open. Not thread-safe. */
final class Scratch implements Closeable {
  private final Path directory;
  private final Closer open = Closer.create();

  /**
   * A place.
   *
   * @param work where it is made
   */
  Scratch(Path work) throws IOException {
    directory = Files.createTempDirectory(Files.createDirectories(work), "scratch");
  }

  /** A path that is free. */
  Path path(String name) {
    return directory.resolve(name);
  }

  /** Closes it in the end. */
  <T extends Closeable> T keep(T resource) {
    return open.register(resource);
  }

  /** A contender with the usual settings. */
  Contender contender(Kind kind) throws IOException {
    return contender(kind, Kind.COMMIT_INTERVAL);
  }

  /** A contender whose commits, if it has any, come in this interval. */
  Contender contender(Kind kind, Duration commitInterval) throws IOException {
    Path place = Files.createDirectory(path(kind.name()));
    return keep(kind.create(place, Region.DEFAULT_CHUNK_SIZE, commitInterval));
  }

  /** Contenders of these kinds with the usual settings, those that can be had. */
  List<Contender> contenders(Kind... kinds) throws IOException {
    List<Contender> present = new ArrayList<>();
    for (Kind kind : kinds) {
      if (kind.isPresent()) {
        present.add(contender(kind));
      }
    }
    return present;
  }

  @Override
  public void close() throws IOException {
    open.close();
    Directories.remove(directory);
  }
}
