package io.fspf.bench.contender;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes a contender of another project's library. Found by {@link java.util.ServiceLoader}: there
 * are some in builds with {@code -Ppeers} only.
 */
public interface PeerFactory {
  /** Which kind it makes. */
  Kind kind();

  /** A new, empty one in an empty directory. */
  Contender create(Path directory) throws IOException;
}
