package io.fspf.bench.ratio;

import io.fspf.bench.report.Measurement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Runs steps alternately: all of them once in each round, each round beginning with another one.
 *
 * @param warmUp rounds that do not count, at least
 * @param warmUpTime how long these take together, at least: the compiler needs time, not rounds
 * @param rounds rounds that count, at least 1
 * @param nanoTime the clock
 */
record InterleavedRun(int warmUp, Duration warmUpTime, int rounds, LongSupplier nanoTime) {
  private static final int FEW_WARM_UP = 1;
  private static final int FEW_ROUNDS = 5;

  /** The same with at most one round to warm up and five that count. */
  InterleavedRun inFewRounds() {
    return new InterleavedRun(
        Math.min(warmUp, FEW_WARM_UP), warmUpTime, Math.min(rounds, FEW_ROUNDS), nanoTime);
  }

  /** The times of the steps, by name, in the order of the steps. */
  Map<String, Measurement> run(String benchmark, List<Step> steps) throws Exception {
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    steps.forEach(step -> seconds.put(step.name(), new ArrayList<>()));
    long begin = nanoTime.getAsLong();
    int counted = 0;
    for (int round = 0; counted < rounds; round++) {
      boolean counts = round >= warmUp && nanoTime.getAsLong() - begin >= warmUpTime.toNanos();
      counted += counts ? 1 : 0;
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get((round + i) % steps.size());
        step.prepare().run();
        long start = nanoTime.getAsLong();
        step.work().run();
        double time = (nanoTime.getAsLong() - start) / 1e9 / step.amount();
        if (counts) {
          seconds.getOrDefault(step.name(), List.of()).add(time);
        }
      }
    }
    Map<String, Measurement> measured = new LinkedHashMap<>();
    for (Step step : steps) {
      measured.put(
          step.name(),
          new Measurement(
              benchmark,
              Map.of(Comparison.STEP, step.name()),
              step.unit(),
              seconds.getOrDefault(step.name(), List.of())));
    }
    return measured;
  }
}
