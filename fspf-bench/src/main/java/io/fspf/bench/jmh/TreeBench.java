package io.fspf.bench.jmh;

import io.fspf.bench.work.Directories;
import io.fspf.bench.work.TreeWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** A real tree sealed and verified on all cores, beside {@code tar}. One operation is the tree. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@SuppressWarnings("NullAway.Init") // Fields are set before each trial.
public class TreeBench {
  @Param("/usr/share")
  private String tree;

  private Trial trial;
  private TreeWork work;

  /** Makes a volume to verify. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    trial = new Trial();
    work = new TreeWork(Path.of(tree));
    work.encrypt(trial.path("sealed"));
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    trial.close();
  }

  /** Takes away what the last invocation has written. */
  @TearDown(Level.Invocation)
  public void remove() throws IOException {
    Directories.remove(trial.path("target"));
    Files.deleteIfExists(trial.path("archive"));
  }

  /** Seals it, encrypted. */
  @Benchmark
  public void seal() throws IOException {
    work.encrypt(trial.path("target"));
  }

  /** Verifies the volume. */
  @Benchmark
  public void verify() throws IOException {
    work.verify(trial.path("sealed"));
  }

  /** {@code tar cf} of it. */
  @Benchmark
  public void tar() throws IOException, InterruptedException {
    work.tar(trial.path("archive"));
  }

  /** {@code cp -a} of it. */
  @Benchmark
  public void copy() throws IOException, InterruptedException {
    work.copy(trial.path("target"));
  }

  /** {@code sha256sum} of its files. */
  @Benchmark
  public void sha256sum() throws IOException, InterruptedException {
    work.sha256sum(Runtime.getRuntime().availableProcessors());
  }
}
