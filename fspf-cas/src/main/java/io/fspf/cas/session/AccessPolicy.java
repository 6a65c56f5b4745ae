package io.fspf.cas.session;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;

/**
 * Who may read and update a session.
 *
 * @param read who may see it, without its secrets
 * @param update who may replace it, and advance the tags of its volumes
 */
public record AccessPolicy(Admitted read, Admitted update) {
  /**
   * Some identities.
   *
   * @param anyone all of them
   * @param creator whoever created the session
   * @param keys those with these public keys, by SHA-256 of the SubjectPublicKeyInfo
   */
  public record Admitted(boolean anyone, boolean creator, ImmutableSet<HashCode> keys) {
    /** The creator alone, which is what counts if nothing is said. */
    public static final Admitted CREATOR = new Admitted(false, true, ImmutableSet.of());
  }
}
