package io.fspf.bench.jmh;

import com.google.common.io.Closer;
import io.fspf.bench.contender.Contender;
import io.fspf.bench.contender.Kind;
import io.fspf.bench.work.Directories;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The place of one trial's files, and what it has open. Not thread-safe. */
final class Trial implements Closeable {
  /** Names the directory for files; JMH runs trials in processes of their own. */
  static final String WORK = "fspf.bench.work";

  private final Path directory;
  private final Closer open = Closer.create();

  Trial() throws IOException {
    Path work = Path.of(System.getProperty(WORK, System.getProperty("java.io.tmpdir")));
    directory = Files.createTempDirectory(Files.createDirectories(work), "trial");
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /** Closes it with the trial. */
  <T extends Closeable> T keep(T resource) {
    return open.register(resource);
  }

  Contender contender(Kind kind, int chunkSize) throws IOException {
    Path place = Files.createDirectory(path("files"));
    return keep(kind.create(place, chunkSize, Duration.ofMillis(250)));
  }

  @Override
  public void close() throws IOException {
    open.close();
    Directories.remove(directory);
  }
}
