package io.fspf.cas.decision;

import com.google.common.hash.HashCode;
import java.util.Optional;

/** The sessions of a service at one moment. */
public interface SessionSource {
  /** The session of a name. */
  Optional<StoredSession> session(String name);

  /**
   * What another service sealed for this one.
   *
   * @param cas the other service, by the hash of its public key
   * @param session the session there
   * @param volume its volume
   * @param target the session here that may import it
   */
  Optional<ImportedVolume> imported(HashCode cas, String session, String volume, String target);
}
