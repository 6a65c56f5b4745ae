package io.fspf.bench.jmh;

import io.fspf.Region;
import io.fspf.bench.contender.Kind;
import io.fspf.bench.work.ForceWork;
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

/** 4 KiB written in place and forced: how long until they are durable. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // Fields are set before each trial.
public class ForceBench {
  @Param({"DEFAULT", "ENCRYPTED", "CRYPTOFS"})
  private Kind kind;

  private Trial trial;
  private ForceWork work;

  /** Makes the file. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    trial = new Trial();
    work = trial.keep(new ForceWork(trial.contender(kind, Region.DEFAULT_CHUNK_SIZE)));
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    trial.close();
  }

  /** Writes and forces. */
  @Benchmark
  public void force() throws IOException {
    work.force();
  }
}
