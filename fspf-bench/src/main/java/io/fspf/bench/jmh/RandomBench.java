package io.fspf.bench.jmh;

import io.fspf.Region;
import io.fspf.bench.contender.Kind;
import io.fspf.bench.work.RandomWork;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reads and writes of 4 KiB at random places of a file of 128 MiB, on one and on two threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // Fields are set before each trial.
public class RandomBench {
  private static final int SIZE = 128 << 20;
  private static final int OPERATIONS = 500;

  @Param({"DEFAULT", "ENCRYPTED", "GMAC", "CRYPTOFS"})
  private Kind kind;

  private Trial trial;
  private RandomWork work;

  /** Makes the file. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    trial = new Trial();
    work =
        trial.keep(
            new RandomWork(trial.contender(kind, Region.DEFAULT_CHUNK_SIZE), SIZE, OPERATIONS));
    work.makeFile();
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    trial.close();
  }

  /** One reader. */
  @Benchmark
  @OperationsPerInvocation(OPERATIONS)
  public void read1() throws Exception {
    work.read(1);
  }

  /** Two readers of one channel. */
  @Benchmark
  @OperationsPerInvocation(2 * OPERATIONS)
  public void read2() throws Exception {
    work.read(2);
  }

  /** One writer. */
  @Benchmark
  @OperationsPerInvocation(OPERATIONS)
  public void write1() throws Exception {
    work.write(1);
  }

  /** Two writers of one channel. */
  @Benchmark
  @OperationsPerInvocation(2 * OPERATIONS)
  public void write2() throws Exception {
    work.write(2);
  }
}
