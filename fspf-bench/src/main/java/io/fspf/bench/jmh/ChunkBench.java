package io.fspf.bench.jmh;

import io.fspf.bench.contender.Contender;
import io.fspf.bench.contender.Kind;
import io.fspf.bench.work.RandomWork;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the size of chunks does to an encrypted region. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // Fields are set before each trial.
public class ChunkBench extends WholeFileBench {
  private static final int RANDOM_SIZE = 128 << 20;
  private static final int OPERATIONS = 500;

  @Param({"4096", "16384", "65536", "262144", "1048576"})
  private int chunk;

  private RandomWork random;

  @Override
  Contender contender(Trial place) throws IOException {
    Contender contender = place.contender(Kind.ENCRYPTED, chunk);
    random = place.keep(new RandomWork(contender, RANDOM_SIZE, OPERATIONS));
    random.makeFile();
    return contender;
  }

  @Override
  int bufferSize() {
    return 64 << 10;
  }

  /** Reads 4 KiB at random places of a file of 128 MiB. */
  @Benchmark
  @OperationsPerInvocation(OPERATIONS)
  public void randomRead() throws Exception {
    random.read(1);
  }
}
