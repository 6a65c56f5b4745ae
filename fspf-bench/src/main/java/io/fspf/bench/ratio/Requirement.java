package io.fspf.bench.ratio;

import io.fspf.bench.report.Measurement;
import io.fspf.bench.report.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How fast a step must be beside others: the times of the references, added up, divided by its own
 * time. 2 is twice as fast.
 *
 * @param text what is required, in words
 * @param atLeast the required ratio
 * @param references names of the steps whose times are added up
 * @param subject name of the step that must be fast
 */
record Requirement(String text, double atLeast, List<String> references, String subject) {
  /** A ratio to one other step. */
  static Requirement of(double atLeast, String reference, String subject) {
    return new Requirement(
        Unit.digits(atLeast).replaceAll("\\.?0+$", "") + " × " + reference,
        atLeast,
        List.of(reference),
        subject);
  }

  /**
   * The median of the ratios of all rounds; nothing if a step is missing.
   *
   * @param steps the measurements by the names of the steps, round by round
   */
  Optional<Double> ratio(Map<String, Measurement> steps) {
    Measurement own = steps.get(subject);
    if (own == null || !steps.keySet().containsAll(references)) {
      return Optional.empty();
    }
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < own.seconds().size(); round++) {
      double sum = 0;
      for (String reference : references) {
        Measurement other = steps.get(reference);
        sum += other == null ? 0 : other.seconds().get(round);
      }
      ratios.add(sum / own.seconds().get(round));
    }
    return Optional.of(Measurement.median(ratios));
  }
}
