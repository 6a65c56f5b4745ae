package io.fspf.bench.jmh;

import io.fspf.Region;
import io.fspf.bench.contender.Kind;
import io.fspf.bench.work.SmallFilesWork;
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

/** 10,000 files of 100 bytes in one directory. One operation is one file. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@SuppressWarnings("NullAway.Init") // Fields are set before each trial.
public class SmallFilesBench {
  private static final int COUNT = 10_000;

  @Param({"DEFAULT", "ENCRYPTED", "CRYPTOFS"})
  private Kind kind;

  private Trial trial;
  private SmallFilesWork work;

  /** Makes their directory. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    trial = new Trial();
    work = new SmallFilesWork(trial.contender(kind, Region.DEFAULT_CHUNK_SIZE), "small", COUNT);
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    trial.close();
  }

  /** No files. */
  @State(Scope.Benchmark)
  public static class Empty {
    /** Before each invocation. */
    @Setup(Level.Invocation)
    public void prepare(SmallFilesBench bench) throws IOException {
      bench.work.delete();
      bench.work.settle();
    }
  }

  /** All files. */
  @State(Scope.Benchmark)
  public static class Full {
    /** Before each invocation. */
    @Setup(Level.Invocation)
    public void prepare(SmallFilesBench bench) throws IOException {
      bench.work.create();
      bench.work.settle();
    }
  }

  /** Makes them. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void create(Empty state) throws IOException {
    work.create();
  }

  /** Lists them and reads the attributes of each. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public long list(Full state) throws IOException {
    return work.list();
  }

  /** Deletes them. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void delete(Full state) throws IOException {
    work.delete();
  }
}
