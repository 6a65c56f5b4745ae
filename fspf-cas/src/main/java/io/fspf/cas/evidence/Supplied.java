package io.fspf.cas.evidence;

import com.google.common.collect.ImmutableList;

/**
 * What the user supplied about platforms, as it is at the moment: collateral is renewed every month
 * while services run.
 */
@FunctionalInterface
public interface Supplied<T> {
  /**
   * All of it.
   *
   * @throws EvidenceException if it cannot be read, or is not what it should be
   */
  ImmutableList<T> get() throws EvidenceException;
}
