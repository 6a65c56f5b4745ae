package io.fspf.bench.jmh;

import io.fspf.Region;
import io.fspf.bench.contender.Contender;
import io.fspf.bench.contender.Kind;
import java.io.IOException;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A file from start to end, in buffers of several sizes. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // Parameters are set before each trial.
public class SequentialBench extends WholeFileBench {
  @Param({"DEFAULT", "ENCRYPTED", "GMAC", "SHA256", "CRYPTOFS", "TINK"})
  private Kind kind;

  @Param({"4096", "65536", "1048576"})
  private int buffer;

  @Override
  Contender contender(Trial place) throws IOException {
    return place.contender(kind, Region.DEFAULT_CHUNK_SIZE);
  }

  @Override
  int bufferSize() {
    return buffer;
  }
}
