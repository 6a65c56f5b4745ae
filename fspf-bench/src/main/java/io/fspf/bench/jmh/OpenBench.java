package io.fspf.bench.jmh;

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

/** A volume of many files opened, one of them read, and closed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // Fields are set before each trial.
public class OpenBench {
  @Param({"1000", "10000", "100000", "1000000"})
  private int files;

  private Trial trial;
  private OpenWork work;

  /** Makes the volume. */
  @Setup(Level.Trial)
  public void make() throws IOException {
    trial = new Trial();
    work = new OpenWork(trial.path("volume"), files);
    work.makeVolume();
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    trial.close();
  }

  /** Opens, reads, closes. */
  @Benchmark
  public void open() throws IOException {
    work.open();
  }
}
