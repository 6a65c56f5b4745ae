package io.fspf.bench.ratio;

import io.fspf.bench.report.Unit;

/**
 * One piece of work, done once a round.
 *
 * @param name what it is called, unique in its comparison
 * @param amount how many bytes or operations it is
 * @param prepare what is done before, and not timed
 * @param work what is timed
 */
record Step(String name, long amount, Unit unit, Action prepare, Action work) {
  /** Something that may fail. */
  @FunctionalInterface
  interface Action {
    /** Does it. */
    void run() throws Exception;
  }

  /** Work that needs no preparation. */
  static Step of(String name, long amount, Unit unit, Action work) {
    return new Step(name, amount, unit, () -> {}, work);
  }
}
