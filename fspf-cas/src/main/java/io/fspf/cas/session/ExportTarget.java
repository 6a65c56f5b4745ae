package io.fspf.cas.session;

import com.google.common.hash.HashCode;
import java.util.Optional;

/**
 * Who may import something.
 *
 * @param session the name of a session, or {@link #ANYONE}
 * @param sessionHash the one version of it that may, if only one may
 * @param cas the service that the session is in, by the hash of its public key; this one if nothing
 *     is said
 */
public record ExportTarget(String session, Optional<HashCode> sessionHash, Optional<HashCode> cas) {
  /** Stands for every session. */
  public static final String ANYONE = "*";

  /** Whether every session may. */
  public boolean isAnyone() {
    return session.equals(ANYONE);
  }

  /** Whether a session of this service may. */
  public boolean admits(Session importing) {
    return cas.isEmpty()
        && (isAnyone() || session.equals(importing.name()))
        && sessionHash.map(importing.hash()::equals).orElse(true);
  }
}
