package io.fspf.bench.report;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableSortedMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured of one thing.
 *
 * @param benchmark the work
 * @param parameters what else it depends on, by name
 * @param unit what the times are divided by
 * @param seconds for one byte or operation: one entry for each round or iteration, at least one
 */
public record Measurement(
    String benchmark, Map<String, String> parameters, Unit unit, List<Double> seconds) {

  /** Keeps copies. */
  public Measurement {
    Preconditions.checkArgument(!seconds.isEmpty(), "%s was not measured", benchmark);
    parameters = ImmutableSortedMap.copyOf(parameters);
    seconds = List.copyOf(seconds);
  }

  /** The median of the times. */
  public double median() {
    return median(seconds);
  }

  /** A parameter's value; empty if it has none of that name. */
  public String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** The middle value, or the mean of the two in the middle. */
  public static double median(List<Double> values) {
    Preconditions.checkArgument(!values.isEmpty(), "There is no median of nothing");
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
