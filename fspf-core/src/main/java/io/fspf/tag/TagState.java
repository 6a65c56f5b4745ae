package io.fspf.tag;

import io.fspf.RootTag;

/**
 * The newest state of a volume that a store remembers.
 *
 * @param tag names the state; it alone is compared
 * @param generation the number of the state's commit, for people who look into a store; 0 or more
 */
public record TagState(RootTag tag, long generation) {
  /** Checks the generation. */
  public TagState {
    if (generation < 0) {
      throw new IllegalArgumentException("Negative generation " + generation);
    }
  }
}
