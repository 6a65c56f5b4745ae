package io.fspf.cas.session;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/** What a session may say and had better not. */
final class Warnings {
  private Warnings() {}

  static ImmutableList<String> of(Session session) {
    var warnings = ImmutableList.<String>builder();
    for (Export export : session.exports()) {
      if (export.targets().stream().anyMatch(ExportTarget::isAnyone)) {
        warnings.add(
            "the %s %s is exported to every session"
                .formatted(
                    export.namespace() == Export.Namespace.SERVICE ? "service" : "image",
                    export.name()));
      }
    }
    for (SessionVolume volume : session.volumes()) {
      if (volume.exports().stream().anyMatch(ExportTarget::isAnyone)) {
        warnings.add(
            "the volume "
                + volume.name()
                + " is exported to every session: whoever can make one gets its key");
      }
    }
    for (Service service : session.services()) {
      warnAboutOpenImport(warnings, "service " + service.name(), service.imported());
    }
    for (Image image : session.images()) {
      warnAboutOpenImport(warnings, "image " + image.name(), image.imported());
    }
    if (session.attestation().simulation()) {
      warnings.add("simulated evidence is accepted, which proves nothing");
    }
    if (session.attestation().tolerated().contains(AttestationPolicy.Tolerance.DEBUG_MODE)) {
      warnings.add("debug mode is tolerated: the platform's owner can read everything");
    }
    return warnings.build();
  }

  private static void warnAboutOpenImport(
      ImmutableList.Builder<String> warnings, String what, Optional<Reference> imported) {
    imported
        .filter(reference -> reference.sessionHash().isEmpty())
        .ifPresent(
            reference ->
                warnings.add(
                    "the %s is whatever session %s makes of it later: session_hash pins it"
                        .formatted(what, reference.session())));
  }
}
