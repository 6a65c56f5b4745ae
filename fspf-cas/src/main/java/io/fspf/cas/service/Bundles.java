package io.fspf.cas.service;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import io.fspf.VolumeKey;
import io.fspf.cas.decision.ImportedVolume;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.decision.StoredSession;
import io.fspf.cas.decision.VolumeId;
import io.fspf.cas.service.Records.Kind;
import io.fspf.cas.session.ExportTarget;
import io.fspf.cas.session.SessionVolume;
import io.fspf.cas.wire.Bundle;
import io.fspf.cas.wire.Message;
import io.fspf.tag.TagState;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Volumes on their way from and to other services. Not thread-safe. */
final class Bundles {
  private final Records records;
  private final ServiceKeys own;
  private final VolumeTags tags;
  private final DrawnKeys drawnKeys;
  private final Map<BundleId, Bundle.Content> known = new HashMap<>();

  private record BundleId(HashCode cas, String session, String volume, String target) {
    static BundleId of(Bundle.Content content, HashCode from) {
      return new BundleId(from, content.session(), content.volume(), content.target());
    }
  }

  Bundles(Records records, ServiceKeys own, VolumeTags tags, DrawnKeys drawnKeys)
      throws IOException {
    this.records = records;
    this.own = own;
    this.tags = tags;
    this.drawnKeys = drawnKeys;
    for (Message message : records.all(Kind.BUNDLE)) {
      Bundle.Content content = Bundle.Content.of(message);
      known.put(BundleId.of(content, message.value("from", HashCode::fromString)), content);
    }
  }

  Optional<ImportedVolume> get(HashCode cas, String session, String volume, String target) {
    return Optional.ofNullable(known.get(new BundleId(cas, session, volume, target)))
        .map(Bundle.Content::imported);
  }

  /**
   * Seals a volume for a session of another service.
   *
   * @param toCas the other service, by the hash of its public key
   * @throws RefusedException if its own session does not export it there
   */
  byte[] seal(
      StoredSession stored,
      SessionVolume volume,
      String target,
      ImmutableSet<HashCode> measurements,
      X509Certificate to,
      HashCode toCas,
      Instant now)
      throws RefusedException {
    String session = stored.session().name();
    ExportTarget export =
        volume.exports().stream()
            .filter(e -> e.session().equals(target) && e.cas().equals(Optional.of(toCas)))
            .findFirst()
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.NOT_EXPORTED,
                        "Session %s does not export its volume %s to session %s of service %s"
                            .formatted(session, volume.name(), target, toCas)));
    VolumeId id = VolumeId.of(session, volume.name());
    VolumeKey key =
        volume
            .key()
            .or(() -> drawnKeys.get(id))
            .orElseThrow(
                () -> new RefusedException(Reason.VOLUME, "The volume " + id + " has no key yet"));
    var content =
        new Bundle.Content(
            session,
            volume.name(),
            target,
            now,
            new ImportedVolume(
                key,
                tags.get(id, volume.tag()).map(TagState::tag),
                volume.policy(),
                measurements,
                stored.session().attestation(),
                export.sessionHash()));
    try {
      return Bundle.seal(content, own.credentials(), to);
    } catch (GeneralSecurityException e) {
      throw new RefusedException(Reason.REQUEST, "Not the certificate of a service");
    }
  }

  /** Opens what another service sealed for this one. */
  Bundle.Opened open(byte[] bundle) throws RefusedException {
    try {
      return Bundle.open(bundle, own.certificate(), own.sealing());
    } catch (GeneralSecurityException e) {
      throw new RefusedException(
          Reason.REQUEST, "The bundle cannot be taken in: " + e.getMessage());
    }
  }

  /** Keeps it, if it is newer than what is known. */
  void put(Bundle.Opened opened) throws IOException {
    Bundle.Content content = opened.content();
    HashCode from = opened.from().key();
    BundleId id = BundleId.of(content, from);
    Bundle.Content before = known.get(id);
    if (before != null && !content.time().isAfter(before.time())) {
      throw new RefusedException(Reason.ROLLBACK, "The bundle is not newer than the known one");
    }
    records.put(Kind.BUNDLE, id.toString(), content.toMessage().with("from", from.toString()));
    known.put(id, content);
  }
}
