package io.fspf.cas.decision;

import com.google.common.hash.HashCode;
import io.fspf.cas.session.Service;
import java.util.Optional;

/**
 * Where a volume belongs: its tag is kept under this.
 *
 * @param cas the service that it was imported from, if from another one
 * @param session the session that defines it
 * @param name its name there
 */
public record VolumeId(Optional<HashCode> cas, String session, String name) {
  /** A volume of a session of this service. */
  public static VolumeId of(String session, String name) {
    return new VolumeId(Optional.empty(), session, name);
  }

  /** The file system of a service's image; no volume's name begins like that. */
  public static VolumeId rootOf(String session, Service service) {
    return of(session, "#" + service.name());
  }

  /** A text that no other volume has: names hold no line ends. */
  public String unique() {
    return cas.map(HashCode::toString).orElse("") + "\n" + session + "\n" + name;
  }

  @Override
  public String toString() {
    return session + "/" + name + cas.map(hash -> " of " + hash).orElse("");
  }
}
