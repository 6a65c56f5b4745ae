package io.fspf.cas.service;

import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import io.fspf.VolumeKey;
import io.fspf.cas.decision.ConfigId;
import io.fspf.cas.decision.Decision;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.decision.Release;
import io.fspf.cas.decision.SessionSource;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.EvidenceVerifier;
import io.fspf.cas.evidence.SimulationAttester;
import io.fspf.cas.evidence.VerificationContext;
import io.fspf.cas.evidence.VerifiedEvidence;
import io.fspf.cas.wire.GrantMac;
import io.fspf.cas.wire.Hpke;
import io.fspf.cas.wire.Message;
import io.fspf.cas.wire.ReportData;
import io.fspf.cas.wire.Signatures;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From evidence to what is sealed to the program that it speaks of. Not thread-safe.
 *
 * @param settings which evidence is taken
 * @param own who signs receipts
 * @param challenges that wait for evidence
 * @param sessions that say what follows
 * @param tags of volumes, for receipts
 * @param drawnKeys of volumes that no session has a key for
 * @param grants to which one is added with each release
 */
record Releases(
    Cas.Settings settings,
    ServiceKeys own,
    Challenges challenges,
    SessionSource sessions,
    VolumeTags tags,
    DrawnKeys drawnKeys,
    Grants grants) {
  private static final Duration GRANT_LIFETIME = Duration.ofDays(30);
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Verifies evidence and releases, sealed to the public key that the evidence names.
   *
   * @param details of the audit log, to which is added what was verified
   */
  byte[] release(
      ConfigId configId,
      byte[] nonce,
      byte[] publicKey,
      String format,
      byte[] evidence,
      Message details)
      throws IOException {
    challenges.use(nonce, configId);
    VerifiedEvidence verified = verify(format, evidence);
    if (publicKey.length != Hpke.PUBLIC_KEY_LENGTH
        || !ReportData.of(nonce, publicKey, configId).equals(verified.reportData())) {
      throw new RefusedException(
          Reason.CHALLENGE,
          "The evidence was made for another key, challenge or service: it is relayed");
    }
    details
        .with("platform", verified.platform().id())
        .with("simulated", verified.simulated())
        .with("measurement", verified.measurement().toString());
    Release release = Decision.release(configId, verified, sessions);
    try {
      // Before anything is drawn or granted.
      Hpke.checkPublicKey(publicKey);
    } catch (GeneralSecurityException e) {
      throw new RefusedException(Reason.REQUEST, "The public key is none");
    }
    byte[] plain = released(release, verified).toBytes();
    try {
      return Hpke.seal(publicKey, Hpke.Purpose.RELEASE, nonce, plain);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private VerifiedEvidence verify(String format, byte[] evidence) throws RefusedException {
    if (settings.hardware() && format.equals(SimulationAttester.FORMAT)) {
      throw new RefusedException(
          Reason.SIMULATED, "The evidence is simulated, and this service runs in hardware mode");
    }
    for (EvidenceVerifier verifier : settings.verifiers()) {
      if (verifier.format().equals(format)) {
        try {
          return verifier.verify(evidence, new VerificationContext(settings.clock().instant()));
        } catch (EvidenceException e) {
          throw new RefusedException(Reason.EVIDENCE, "The evidence is refused: " + e.getMessage());
        }
      }
    }
    throw new RefusedException(
        Reason.EVIDENCE, "This service takes no evidence of format '" + format + "'");
  }

  private Message released(Release release, VerifiedEvidence evidence) throws IOException {
    var tracked = ImmutableList.<Grant.Tracked>builder();
    List<Message> mounts = new ArrayList<>();
    Map<String, String> volumes = new HashMap<>();
    for (Release.Mount mount : release.mounts()) {
      mounts.add(mount(mount));
      if (mount.policy().isPresent()) {
        tracked.add(new Grant.Tracked(mount.volume(), mount.tag()));
      }
      volumes.put(
          mount.path(),
          tags.get(mount.volume(), mount.tag()).map(state -> state.tag().toString()).orElse("new"));
    }
    Instant now = settings.clock().instant();
    Grant grant =
        new Grant(
            BaseEncoding.base16().lowerCase().encode(randomBytes()),
            randomBytes(),
            release.configId().toString(),
            now.plus(GRANT_LIFETIME),
            release.sessions(),
            tracked.build());
    grants.put(grant, now);
    byte[] receipt =
        Message.empty()
            .with("configId", release.configId().toString())
            .with("time", now.toString())
            .with("platform", evidence.platform().id())
            .with("simulated", evidence.simulated())
            .with("measurement", evidence.measurement().toString())
            .with("sessions", release.sessions())
            .with("volumes", volumes)
            .toBytes();
    return Message.empty()
        .with("command", release.command())
        .with("pwd", release.workingDirectory())
        .with("environment", release.environment())
        .with("mounts", mounts)
        .with("grant", grant.id())
        .with("grantKey", grant.key())
        .with("receipt", receipt)
        .with("signature", signature(receipt));
  }

  private Message mount(Release.Mount mount) throws IOException {
    Message message =
        Message.empty()
            .with("path", mount.path())
            .with("volume", mount.volume().toString())
            .with("name", mount.volume().name())
            .with("root", mount.volume().isRoot())
            .with("tag", mount.tag())
            .with("policy", mount.policy())
            .with("files", mount.files());
    Optional<VolumeKey> key =
        mount.drawn() ? Optional.of(drawnKeys.getOrDraw(mount.volume())) : mount.key();
    if (key.isPresent()) {
      byte[] bytes = key.get().exportBytes();
      message.with("key", bytes);
      Arrays.fill(bytes, (byte) 0);
    }
    return message;
  }

  private byte[] signature(byte[] receipt) {
    try {
      return Signatures.sign(own.credentials().privateKey(), Signatures.Label.RECEIPT, receipt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The service's own key does not sign", e);
    }
  }

  private static byte[] randomBytes() {
    byte[] bytes = new byte[GrantMac.KEY_LENGTH];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
