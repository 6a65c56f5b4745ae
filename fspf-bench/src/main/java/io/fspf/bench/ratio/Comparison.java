package io.fspf.bench.ratio;

import java.util.List;

/**
 * One line of the table: steps that run alternately, and what is required of them.
 *
 * @param work what is done
 * @param pinned whether it runs in a process of its own that may use one core only
 * @param preparation makes the steps
 */
record Comparison(
    String work, boolean pinned, List<Requirement> requirements, Preparation preparation) {
  /** The parameter of a measurement that names its step. */
  static final String STEP = "step";

  /** Makes the steps in a place that is cleared afterwards. */
  @FunctionalInterface
  interface Preparation {
    /** The steps, whose needs are closed with the scratch space. */
    List<Step> steps(Scratch scratch) throws Exception;
  }

  Comparison {
    requirements = List.copyOf(requirements);
  }
}
