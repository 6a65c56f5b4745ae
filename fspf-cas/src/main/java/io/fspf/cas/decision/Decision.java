package io.fspf.cas.decision;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.hash.HashCode;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.cas.decision.Release.Mount;
import io.fspf.cas.evidence.VerifiedEvidence;
import io.fspf.cas.session.Export;
import io.fspf.cas.session.ExportTarget;
import io.fspf.cas.session.Image;
import io.fspf.cas.session.Reference;
import io.fspf.cas.session.RootFileSystem;
import io.fspf.cas.session.Service;
import io.fspf.cas.session.Session;
import io.fspf.cas.session.SessionVolume;
import io.fspf.tag.TagPolicy;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a proven program gets.
 *
 * <p>What an imported service or image says is fixed: the importing session may repeat it, leave it
 * out, or fill in what was left open, but not say otherwise. Every session that contributes
 * anything has to accept the evidence; and both the service's and the image's lists of measurements
 * have to hold what was measured, where they are given. The service's list has to be given.
 */
public final class Decision {
  private final SessionSource sessions;
  private final VerifiedEvidence evidence;
  private final Session session;
  private final Map<String, HashCode> contributing = new LinkedHashMap<>();

  private Decision(SessionSource sessions, VerifiedEvidence evidence, Session session) {
    this.sessions = sessions;
    this.evidence = evidence;
    this.session = session;
  }

  /**
   * Decides.
   *
   * @throws RefusedException if the program gets nothing
   */
  public static Release release(
      ConfigId configId, VerifiedEvidence evidence, SessionSource sessions)
      throws RefusedException {
    Session session = find(sessions, configId.session());
    return new Decision(sessions, evidence, session).release(configId);
  }

  private static Session find(SessionSource sessions, String name) throws RefusedException {
    return sessions
        .session(name)
        .map(StoredSession::session)
        .orElseThrow(
            () -> new RefusedException(Reason.NO_SUCH_SESSION, "There is no session " + name));
  }

  private Release release(ConfigId configId) throws RefusedException {
    contribute(session);
    Service own =
        session
            .service(configId.service())
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.NO_SUCH_SERVICE,
                        "Session %s has no service %s"
                            .formatted(session.name(), configId.service())));
    Optional<Origin<Service>> origin = origin(own);
    checkUnchanged(own, origin);
    Service base = origin.map(Origin::item).orElse(own);

    Optional<ImmutableSet<HashCode>> measurements =
        narrowed(base.measurements(), own.measurements());
    if (measurements.isEmpty()) {
      throw new RefusedException(
          Reason.MEASUREMENT,
          "The service %s says nothing of who it is (mrenclaves)".formatted(configId));
    }
    checkMeasured("The service " + own.name(), measurements.get());

    Set<String> tags = own.tags().isEmpty() ? base.tags() : own.tags();
    var mounts = ImmutableList.<Mount>builder();
    Optional<String> imageName = base.imageName().or(own::imageName);
    if (imageName.isPresent()) {
      mounts.addAll(image(imageName.get(), tags, origin));
    }
    if (origin.isPresent()) {
      // What others import does not change under them.
      rootMount(origin.get().session(), base, Optional.empty()).ifPresent(mounts::add);
    } else {
      rootMount(session, own, own.root().flatMap(RootFileSystem::policy)).ifPresent(mounts::add);
    }
    ImmutableList<Mount> all = mounts.build();
    checkPlaces(all);
    var environment = new LinkedHashMap<>(base.environment().orElse(ImmutableMap.of()));
    environment.putAll(own.environment().orElse(ImmutableMap.of()));
    return new Release(
        configId,
        base.command().or(own::command),
        base.workingDirectory().or(own::workingDirectory),
        ImmutableMap.copyOf(environment),
        all,
        ImmutableMap.copyOf(contributing));
  }

  /** Something imported, and the session that it is from. */
  private record Origin<T>(Session session, T item) {}

  private void contribute(Session contributor) throws RefusedException {
    Proof.check(contributor, evidence);
    contributing.put(contributor.name(), contributor.hash());
  }

  private Session imported(Reference reference, String what) throws RefusedException {
    if (reference.cas().isPresent()) {
      throw new RefusedException(
          Reason.NOT_EXPORTED,
          "The %s is imported from another service, which is for volumes only".formatted(what));
    }
    Session from = find(sessions, reference.session());
    if (!reference.sessionHash().map(from.hash()::equals).orElse(true)) {
      throw new RefusedException(
          Reason.SESSION_HASH,
          "Session %s is not the version that session %s imports from"
              .formatted(from.name(), session.name()));
    }
    return from;
  }

  private RefusedException notExported(Session from, String what) {
    return new RefusedException(
        Reason.NOT_EXPORTED,
        "Session %s does not export its %s to session %s"
            .formatted(from.name(), what, session.name()));
  }

  private void checkExported(Session from, Export.Namespace namespace, String name, String what)
      throws RefusedException {
    boolean exported =
        from.exports().stream()
            .filter(export -> export.namespace() == namespace && export.name().equals(name))
            .flatMap(export -> export.targets().stream())
            .anyMatch(target -> target.admits(session));
    if (!exported) {
      throw notExported(from, what);
    }
  }

  // ------------------------------------------------------------------------------------------
  // the service

  private Optional<Origin<Service>> origin(Service own) throws RefusedException {
    if (own.imported().isEmpty()) {
      return Optional.empty();
    }
    Reference reference = own.imported().get();
    String name = reference.item().orElse(own.name());
    String what = "service " + name;
    Session from = imported(reference, what);
    checkExported(from, Export.Namespace.SERVICE, name, what);
    Service item = from.service(name).orElseThrow(() -> notExported(from, what));
    if (item.imported().isPresent()) {
      throw chain(from, what);
    }
    contribute(from);
    return Optional.of(new Origin<>(from, item));
  }

  private static RefusedException chain(Session from, String what) {
    return new RefusedException(
        Reason.IMPORT_CHAIN,
        "Session %s has its %s from elsewhere; import it from there".formatted(from.name(), what));
  }

  private void checkUnchanged(Service own, Optional<Origin<Service>> origin)
      throws RefusedException {
    if (origin.isEmpty()) {
      return;
    }
    Service base = origin.get().item();
    checkSame("command", own.command(), base.command(), origin.get());
    checkSame("working directory", own.workingDirectory(), base.workingDirectory(), origin.get());
    checkSame("image", own.imageName(), base.imageName(), origin.get());
    if (own.root().isPresent()) {
      throw changed("file system", origin.get());
    }
    if (base.environment().isPresent()) {
      for (Map.Entry<String, String> entry :
          own.environment().orElse(ImmutableMap.of()).entrySet()) {
        if (!entry.getValue().equals(base.environment().get().get(entry.getKey()))) {
          throw changed("variable " + entry.getKey(), origin.get());
        }
      }
    }
  }

  private void checkSame(
      String what, Optional<String> own, Optional<String> base, Origin<Service> origin)
      throws RefusedException {
    if (own.isPresent() && base.isPresent() && !own.equals(base)) {
      throw changed(what, origin);
    }
  }

  private RefusedException changed(String what, Origin<Service> origin) {
    return new RefusedException(
        Reason.CHANGED_SERVICE,
        "Session %s changes the %s of service %s, which session %s fixes"
            .formatted(session.name(), what, origin.item().name(), origin.session().name()));
  }

  private static Optional<Mount> rootMount(
      Session owner, Service service, Optional<TagPolicy> policy) {
    return service
        .root()
        .map(
            root ->
                new Mount(
                    root.path(),
                    VolumeId.rootOf(owner.name(), service),
                    root.key(),
                    root.tag(),
                    policy,
                    false,
                    ImmutableMap.of()));
  }

  // ------------------------------------------------------------------------------------------
  // what was measured

  private static Optional<ImmutableSet<HashCode>> narrowed(
      Optional<ImmutableSet<HashCode>> base, Optional<ImmutableSet<HashCode>> own) {
    if (base.isEmpty() || own.isEmpty()) {
      return base.or(() -> own);
    }
    return Optional.of(Sets.intersection(base.get(), own.get()).immutableCopy());
  }

  private void checkMeasured(String what, Set<HashCode> allowed) throws RefusedException {
    if (!allowed.contains(evidence.measurement())) {
      throw new RefusedException(
          Reason.MEASUREMENT,
          "%s of session %s is not for a program measured as %s"
              .formatted(what, session.name(), evidence.measurement()));
    }
  }

  // ------------------------------------------------------------------------------------------
  // the image

  private List<Mount> image(
      String name, Set<String> serviceTags, Optional<Origin<Service>> serviceOrigin)
      throws RefusedException {
    Optional<Image> found = session.image(name);
    if (found.isEmpty()) {
      if (serviceOrigin.isPresent() && serviceOrigin.get().session().image(name).isPresent()) {
        throw new RefusedException(
            Reason.IMAGE,
            "Session %s imports a service without its image %s".formatted(session.name(), name));
      }
      return ImmutableList.of();
    }
    Image own = found.get();
    Image base = own.imported().isPresent() ? importedImage(own) : own;
    if (serviceOrigin.isPresent()
        && !own.imported()
            .map(Reference::session)
            .equals(Optional.of(serviceOrigin.get().session().name()))) {
      throw new RefusedException(
          Reason.IMAGE,
          "Session %s has a service of session %s in an image that is not of that session: %s"
              .formatted(session.name(), serviceOrigin.get().session().name(), name));
    }
    Optional<ImmutableSet<HashCode>> measurements =
        narrowed(base.measurements(), own.measurements());
    if (measurements.isPresent()) {
      checkMeasured("The image " + name, measurements.get());
    }
    Set<String> tags = own.tags().isEmpty() ? base.tags() : own.tags();
    if (!tags.isEmpty()
        && !serviceTags.isEmpty()
        && Sets.intersection(tags, serviceTags).isEmpty()) {
      throw new RefusedException(
          Reason.TAGS,
          "The service is for the tags %s of image %s, which has %s"
              .formatted(serviceTags, name, tags));
    }
    var mounts = ImmutableList.<Mount>builder();
    for (Image.Mount place : base.volumes()) {
      mounts.add(volume(place));
    }
    return mounts.build();
  }

  private Image importedImage(Image own) throws RefusedException {
    Reference reference = own.imported().orElseThrow();
    String name = reference.item().orElse(own.name());
    String what = "image " + name;
    Session from = imported(reference, what);
    checkExported(from, Export.Namespace.IMAGE, name, what);
    Image base = from.image(name).orElseThrow(() -> notExported(from, what));
    if (base.imported().isPresent()) {
      throw chain(from, what);
    }
    if (!base.volumes().containsAll(own.volumes())) {
      throw new RefusedException(
          Reason.IMAGE,
          "Session %s adds volumes to image %s, which session %s fixes"
              .formatted(session.name(), name, from.name()));
    }
    contribute(from);
    return base;
  }

  private static void checkPlaces(List<Mount> mounts) throws RefusedException {
    Set<String> places = new HashSet<>();
    for (Mount mount : mounts) {
      String path =
          mount.volume().isRoot()
              ? mount.path().substring(0, mount.path().lastIndexOf('/'))
              : mount.path();
      if (!places.add(path.replaceAll("/+$", ""))) {
        throw new RefusedException(Reason.IMAGE, "Two volumes stand at " + path);
      }
    }
  }

  // ------------------------------------------------------------------------------------------
  // volumes

  private Mount volume(Image.Mount place) throws RefusedException {
    SessionVolume own =
        session
            .volume(place.volume())
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.VOLUME,
                        "Session %s does not define the volume %s, which stands at %s"
                            .formatted(session.name(), place.volume(), place.path())));
    if (own.imported().isEmpty()) {
      return mount(place, VolumeId.of(session.name(), own.name()), own);
    }
    Reference reference = own.imported().get();
    String name = reference.item().orElse(own.name());
    if (reference.cas().isPresent()) {
      return foreign(place, reference, reference.cas().get(), name);
    }
    String what = "volume " + name;
    Session from = imported(reference, what);
    SessionVolume base = from.volume(name).orElseThrow(() -> notExported(from, what));
    if (base.exports().stream().noneMatch((ExportTarget target) -> target.admits(session))) {
      throw notExported(from, what);
    }
    if (base.imported().isPresent()) {
      throw chain(from, what);
    }
    contribute(from);
    return mount(place, VolumeId.of(from.name(), name), base);
  }

  private Mount mount(Image.Mount place, VolumeId id, SessionVolume volume)
      throws RefusedException {
    return mount(
        place,
        id,
        volume.key(),
        volume.tag(),
        volume.policy(),
        volume.isInitialised(),
        volume.files());
  }

  private static Mount mount(
      Image.Mount place,
      VolumeId id,
      Optional<VolumeKey> key,
      Optional<RootTag> tag,
      TagPolicy policy,
      boolean drawn,
      ImmutableMap<String, String> files)
      throws RefusedException {
    if (!place.policy().map(wanted -> wanted == policy).orElse(true)) {
      throw new RefusedException(
          Reason.VOLUME,
          "The image wants the volume %s %s, its session says %s"
              .formatted(id, place.policy().get(), policy));
    }
    return new Mount(place.path(), id, key, tag, Optional.of(policy), drawn, files);
  }

  private Mount foreign(Image.Mount place, Reference reference, HashCode cas, String name)
      throws RefusedException {
    ImportedVolume volume =
        sessions
            .imported(cas, reference.session(), name, session.name())
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.NOT_EXPORTED,
                        "The volume %s of session %s in service %s has not been sealed for session"
                                .formatted(name, reference.session(), cas)
                            + " "
                            + session.name()));
    checkMeasured("The volume " + name + " of another service", volume.measurements());
    // What the volume's own session demands goes with it.
    Proof.check(reference.session(), volume.attestation(), evidence);
    if (!volume.sessionHash().map(session.hash()::equals).orElse(true)) {
      throw new RefusedException(
          Reason.SESSION_HASH,
          "The volume %s of another service is for another version of session %s"
              .formatted(name, session.name()));
    }
    return mount(
        place,
        new VolumeId(Optional.of(cas), reference.session(), name),
        Optional.of(volume.key()),
        volume.tag(),
        volume.policy(),
        false,
        ImmutableMap.of());
  }
}
