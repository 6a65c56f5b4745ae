package io.fspf.bench.jmh;

import io.fspf.CryptoEngine;
import io.fspf.bench.work.OpenWork;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The first use of an engine in a new process. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(5)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@SuppressWarnings("NullAway.Init") // Fields are set before each trial.
public class ColdBench {
  @Param({"accp", "sunjce"})
  private String engine;

  private Trial trial;

  /** Names the engine. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    System.setProperty(EngineBench.ENGINE, engine);
    trial = new Trial();
  }

  /** Removes the files. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    trial.close();
  }

  /** Loads the engine and tries it out. */
  @Benchmark
  public CryptoEngine engine() {
    return CryptoEngine.preferred();
  }

  /** Does that, and makes, opens and reads a volume of one file. */
  @Benchmark
  public void volume() throws IOException {
    var work = new OpenWork(trial.path("volume"), 1);
    work.makeVolume();
    work.open();
  }
}
