package io.fspf.internal.volume;

import java.util.function.IntToLongFunction;

/** Runs seeds of the crash test until one fails; to be loaded by a {@link MutatingClassLoader}. */
public final class SeedSearch implements IntToLongFunction {
  /**
   * Searches.
   *
   * @param seeds how many are tried at most
   * @return the first that failed, or -1
   */
  @Override
  public long applyAsLong(int seeds) {
    for (long seed = 1; seed <= seeds; seed++) {
      try {
        new CrashRun(seed).run(CrashRun.Plan.random(60, 3));
      } catch (AssertionError e) {
        return seed;
      }
    }
    return -1;
  }
}
