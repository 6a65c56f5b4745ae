package io.fspf.bench.jmh;

import io.fspf.bench.contender.Contender;
import io.fspf.bench.work.SequentialWork;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole passes over a file of 32 MiB. One operation is one byte. Who extends it says of what, and
 * in what buffers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // Fields are set before each trial.
public abstract class WholeFileBench {
  private static final int SIZE = 32 << 20;

  private Trial trial;
  private SequentialWork work;

  /** Makes the file, and what else is needed. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    trial = new Trial();
    Contender contender = contender(trial);
    work = new SequentialWork(contender, SIZE, bufferSize());
    work.makeFile();
  }

  /** What is measured. */
  abstract Contender contender(Trial place) throws IOException;

  /** Bytes of a buffer. */
  abstract int bufferSize();

  /** Removes the files. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    trial.close();
  }

  /** Takes away what the last invocation has written; each takes many milliseconds. */
  @Setup(Level.Invocation)
  public void remove() throws IOException {
    work.removeFile();
  }

  /** Reads it. */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public byte read() throws IOException {
    return work.read();
  }

  /** Writes a new file and forces once. */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public void write() throws IOException {
    work.write();
  }
}
