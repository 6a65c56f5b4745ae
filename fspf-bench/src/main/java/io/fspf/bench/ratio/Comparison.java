package io.fspf.bench.ratio;

import java.util.List;

/**
 * One line of the table: steps that run alternately, and what is required of them.
 *
 * @param title a word or two, unique
 * @param work what is done
 * @param manner in what process, and how often
 * @param preparation makes the steps
 */
record Comparison(
    String title,
    String work,
    Manner manner,
    List<Requirement> requirements,
    Preparation preparation) {
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

  /** Whether one of these is its title or a part of what is done; or whether there are none. */
  boolean isAmong(List<String> words) {
    return words.isEmpty()
        || words.stream().anyMatch(each -> title.equals(each) || work.contains(each));
  }
}
