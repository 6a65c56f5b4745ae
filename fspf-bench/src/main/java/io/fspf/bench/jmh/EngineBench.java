package io.fspf.bench.jmh;

import io.fspf.Region;
import io.fspf.bench.contender.Contender;
import io.fspf.bench.contender.Kind;
import java.io.IOException;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the crypto engine does to whole passes over a file. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // Parameters are set before each trial.
public class EngineBench extends WholeFileBench {
  /** Names the engine that a process uses. */
  static final String ENGINE = "fspf.engine";

  @Param({"accp", "sunjce"})
  private String engine;

  @Param({"ENCRYPTED", "GMAC", "SHA256"})
  private Kind kind;

  @Override
  Contender contender(Trial place) throws IOException {
    System.setProperty(ENGINE, engine);
    return place.contender(kind, Region.DEFAULT_CHUNK_SIZE);
  }

  @Override
  int bufferSize() {
    return 64 << 10;
  }
}
