package io.fspf.bench.jmh;

import io.fspf.bench.work.RawCrypto;
import java.security.GeneralSecurityException;
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
import org.openjdk.jmh.annotations.Warmup;

/** The ciphers by themselves on one thread: the ceiling. One operation is one buffer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // Fields are set before each trial.
public class CipherBench {
  @Param({"accp", "sunjce"})
  private String engine;

  @Param({"4096", "65536", "1048576"})
  private int buffer;

  private RawCrypto crypto;

  /** Makes the buffers. */
  @Setup(Level.Trial)
  public void open() throws GeneralSecurityException, ReflectiveOperationException {
    System.setProperty(EngineBench.ENGINE, engine);
    crypto = new RawCrypto(buffer);
  }

  /** AES-256-GCM, encrypting. */
  @Benchmark
  public void sealing() throws GeneralSecurityException {
    crypto.seal();
  }

  /** AES-256-GCM, verifying and decrypting. */
  @Benchmark
  public void opening() throws GeneralSecurityException {
    crypto.open();
  }

  /** GMAC. */
  @Benchmark
  public byte[] gmac() throws GeneralSecurityException {
    return crypto.gmac();
  }

  /** SHA-256. */
  @Benchmark
  public byte[] sha256() throws GeneralSecurityException {
    return crypto.digest();
  }
}
