package io.fspf.bench.jmh;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import io.fspf.bench.contender.Kind;
import io.fspf.bench.report.Machine;
import io.fspf.bench.report.Measurement;
import io.fspf.bench.report.Pivot;
import io.fspf.bench.report.Results;
import io.fspf.bench.report.Unit;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The named sets of JMH benchmarks, and how their results are shown. */
public enum JmhSet {
  /** Whole files. */
  CONTENT("Sequential read and write", "kind", Kind.DEFAULT.name(), SequentialBench.class),
  /** Random access. */
  RANDOM("Random access of 4 KiB", "kind", Kind.DEFAULT.name(), RandomBench.class),
  /** Durability. */
  FORCE("Latency of force", "kind", Kind.DEFAULT.name(), ForceBench.class),
  /** Small files. */
  FILES("10,000 files of 100 bytes", "kind", Kind.DEFAULT.name(), SmallFilesBench.class),
  /** Chunk sizes. */
  CHUNKS("Chunk sizes, encrypted", "chunk", "65536", ChunkBench.class),
  /** Engines within the whole. */
  ENGINES("Crypto engines", "engine", "accp", EngineBench.class, ColdBench.class),
  /** Engines by themselves. */
  CIPHERS("Ciphers by themselves, one thread", "engine", "accp", CipherBench.class),
  /** Large volumes. */
  OPEN("Opening volumes by number of files", "files", "1000", OpenBench.class),
  /** Real trees. */
  TREES("A real tree", "tree", "", TreeBench.class);

  /** What tables call the benchmarks. */
  private static final ImmutableMap<String, String> TITLES =
      new ImmutableMap.Builder<String, String>()
          .put("SequentialBench.read", "sequential read")
          .put("SequentialBench.write", "sequential write, one force")
          .put("RandomBench.read1", "read, 1 thread")
          .put("RandomBench.read2", "read, 2 threads")
          .put("RandomBench.write1", "write, 1 thread")
          .put("RandomBench.write2", "write, 2 threads")
          .put("ForceBench.force", "write 4 KiB and force")
          .put("SmallFilesBench.create", "create one")
          .put("SmallFilesBench.list", "list and stat one")
          .put("SmallFilesBench.delete", "delete one")
          .put("ChunkBench.read", "sequential read")
          .put("ChunkBench.write", "sequential write, one force")
          .put("ChunkBench.randomRead", "random read of 4 KiB")
          .put("EngineBench.read", "sequential read")
          .put("EngineBench.write", "sequential write, one force")
          .put("ColdBench.engine", "cold start of the engine")
          .put("ColdBench.volume", "cold start, and a volume made and read")
          .put("CipherBench.sealing", "AES-256-GCM, encrypt")
          .put("CipherBench.opening", "AES-256-GCM, decrypt")
          .put("CipherBench.gmac", "GMAC")
          .put("CipherBench.sha256", "SHA-256")
          .put("OpenBench.open", "open, read one file, close")
          .put("TreeBench.seal", "fspf seal --encrypt")
          .put("TreeBench.verify", "fspf verify")
          .put("TreeBench.tar", "tar cf")
          .put("TreeBench.copy", "cp -a")
          .put("TreeBench.sha256sum", "sha256sum, on all cores")
          .buildOrThrow();

  private final String title;
  private final String column;
  private final String baseline;
  private final ImmutableList<Class<?>> benchmarks;

  JmhSet(String title, String column, String baseline, Class<?>... benchmarks) {
    this.title = title;
    this.column = column;
    this.baseline = baseline;
    this.benchmarks = ImmutableList.copyOf(benchmarks);
  }

  /** The heading of its plot. */
  public String title() {
    return title;
  }

  /** How its results are laid out. */
  public Pivot pivot() {
    var labels = new ImmutableMap.Builder<String, String>();
    for (Kind kind : Kind.values()) {
      labels.put(kind.name(), kind.title());
    }
    for (int size = 4 << 10; size <= 1 << 20; size <<= 1) {
      labels.put("" + size, size < 1 << 20 ? (size >> 10) + " KiB" : "1 MiB");
    }
    for (int files = 1000; files <= 1_000_000; files *= 10) {
      labels.put("" + files, String.format("%,d files", files));
    }
    return new Pivot(column, baseline, labels.buildOrThrow());
  }

  /**
   * Runs the benchmarks, each with each of its parameters in a process of its own.
   *
   * @param work a directory for files
   * @param tree the real tree
   * @param quick only what is needed to see that they run: in this process, once, the first
   *     parameters
   * @param log a file for what JMH has to say
   */
  public Results measure(Path work, Path tree, boolean quick, Path log)
      throws RunnerException, IOException {
    var options = new OptionsBuilder().shouldFailOnError(true).output(log.toString());
    benchmarks.forEach(each -> options.include(each.getName().replace(".", "\\.") + "\\."));
    List<String> arguments =
        new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
    arguments.add("-D" + Trial.WORK + "=" + work.toAbsolutePath());
    options.jvmArgs(arguments.toArray(new String[0]));
    parameters(quick).forEach((name, values) -> options.param(name, values.toArray(new String[0])));
    if (this == TREES) {
      options.param(column, tree.toString());
    }
    if (quick) {
      options.forks(0).warmupIterations(0).measurementIterations(1);
      options.measurementTime(TimeValue.milliseconds(1));
    }
    return new Results(
        name().toLowerCase(Locale.ROOT),
        Machine.here(work),
        measurements(new Runner(options.build()).run()));
  }

  /** The values that the benchmarks name, but for peers that are not on the class path. */
  private Map<String, List<String>> parameters(boolean quick) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (Class<?> benchmark : benchmarks) {
      for (Field field : benchmark.getDeclaredFields()) {
        Param param = field.getAnnotation(Param.class);
        if (param != null) {
          Stream<String> values = Arrays.stream(param.value());
          if (field.getType() == Kind.class) {
            values = values.filter(kind -> Kind.valueOf(kind).isPresent());
          }
          if (quick) {
            values = values.limit(field.getName().equals(column) ? 2 : 1);
          }
          parameters.put(field.getName(), values.toList());
        }
      }
    }
    return parameters;
  }

  private static List<Measurement> measurements(Collection<RunResult> results) {
    List<Measurement> measurements = new ArrayList<>();
    for (RunResult result : results) {
      BenchmarkParams run = result.getParams();
      List<Double> seconds = new ArrayList<>();
      result
          .getBenchmarkResults()
          .forEach(
              fork -> {
                for (IterationResult iteration : fork.getIterationResults()) {
                  seconds.add(iteration.getPrimaryResult().getScore() / 1e9);
                }
              });
      measurements.add(measurement(run, seconds));
    }
    // JMH sorts by name.
    List<String> order = TITLES.values().asList();
    measurements.sort(Comparator.comparingInt(each -> order.indexOf(each.benchmark())));
    return measurements;
  }

  private static Measurement measurement(BenchmarkParams run, List<Double> seconds) {
    List<String> words = Splitter.on('.').splitToList(run.getBenchmark());
    String name = String.join(".", Iterables.skip(words, words.size() - 2));
    var parameters = new ImmutableMap.Builder<String, String>();
    run.getParamsKeys().forEach(key -> parameters.put(key, run.getParam(key)));
    Map<String, String> values = parameters.buildOrThrow();
    String title = TITLES.getOrDefault(name, name);
    if (name.startsWith("CipherBench.")) {
      // One operation is one buffer; a rate tells more.
      double buffer = Double.parseDouble(values.getOrDefault("buffer", "1"));
      List<Double> perByte = seconds.stream().map(each -> each / buffer).toList();
      return new Measurement(title, values, Unit.BYTES, perByte);
    }
    boolean bytes = title.startsWith("sequential");
    return new Measurement(title, values, bytes ? Unit.BYTES : Unit.OPERATIONS, seconds);
  }
}
