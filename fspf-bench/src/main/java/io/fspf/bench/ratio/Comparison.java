package io.fspf.bench.ratio;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * One line of the table: steps that run alternately, and what is required of them.
 *
 * @param work what is done
 * @param manner in what process, and how often
 * @param preparation makes the steps
 */
record Comparison(
    String work, Manner manner, List<Requirement> requirements, Preparation preparation) {
  /** The parameter of a measurement that names its step. */
  static final String STEP = "step";

  /** In what process it runs, and how often. */
  enum Manner {
    /** With the others. */
    USUAL,
    /** In a process of its own that may use one core only. */
    ONE_CORE,
    /** With the others, but in fewer rounds, each of which takes seconds. */
    LONG
  }

  /** Makes the steps in a place that is cleared afterwards. */
  @FunctionalInterface
  interface Preparation {
    /** The steps, whose needs are closed with the scratch space. */
    List<Step> steps(Scratch scratch) throws Exception;
  }

  Comparison {
    requirements = List.copyOf(requirements);
  }

  /** The work, in the words before the first comma. */
  String title() {
    return Splitter.on(',').limit(2).splitToList(work).get(0);
  }
}
