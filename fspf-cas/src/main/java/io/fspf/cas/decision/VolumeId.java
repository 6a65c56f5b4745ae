package io.fspf.cas.decision;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.HashCode;
import io.fspf.cas.session.RootFileSystem;
import io.fspf.cas.session.Service;
import io.fspf.cas.session.Session;
import io.fspf.cas.session.SessionVolume;
import java.util.Optional;

/**
 * Where a volume belongs: its tag is kept under this.
 *
 * @param cas the service that it was imported from, if from another one
 * @param session the session that defines it
 * @param name its name there
 */
public record VolumeId(Optional<HashCode> cas, String session, String name) {
  private static final String ROOT = "#";

  /** A volume of a session of this service. */
  public static VolumeId of(String session, String name) {
    return new VolumeId(Optional.empty(), session, name);
  }

  /** The file system of a service's image; no volume's name begins like that. */
  public static VolumeId rootOf(String session, Service service) {
    return of(session, ROOT + service.name());
  }

  /**
   * The volumes whose state an update settles: the new version names another key or tag, so that
   * from now on its word counts and not what programs brought before.
   */
  public static ImmutableList<VolumeId> settled(Session before, Session after) {
    var settled = ImmutableList.<VolumeId>builder();
    for (SessionVolume volume : after.volumes()) {
      Optional<SessionVolume> old = before.volume(volume.name());
      if (!volume.key().equals(old.flatMap(SessionVolume::key))
          || !volume.tag().equals(old.flatMap(SessionVolume::tag))) {
        settled.add(of(after.name(), volume.name()));
      }
    }
    for (Service service : after.services()) {
      Optional<RootFileSystem> old = before.service(service.name()).flatMap(Service::root);
      if (!service.root().flatMap(RootFileSystem::key).equals(old.flatMap(RootFileSystem::key))
          || !service
              .root()
              .flatMap(RootFileSystem::tag)
              .equals(old.flatMap(RootFileSystem::tag))) {
        settled.add(rootOf(after.name(), service));
      }
    }
    return settled.build();
  }

  /** Whether this is the file system of an image. */
  public boolean isRoot() {
    return name.startsWith(ROOT);
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
