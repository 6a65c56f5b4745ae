package io.fspf.cas.wire;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import com.google.common.hash.HashCode;
import com.google.common.primitives.Bytes;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.cas.decision.Identity;
import io.fspf.cas.decision.ImportedVolume;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.evidence.Platform;
import io.fspf.cas.session.AttestationPolicy;
import io.fspf.cas.session.AttestationPolicy.Tolerance;
import io.fspf.tag.TagPolicy;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A volume's key on its way from one service to another: sealed to the other service's key, signed
 * by the one that it comes from, and bound to the programs, the evidence and the session that may
 * get it. Whoever carries it learns nothing.
 */
public final class Bundle {
  private Bundle() {}

  /**
   * What is in it.
   *
   * @param session the session that the volume belongs to
   * @param volume its name there
   * @param target the session of the other service that may import it
   * @param time when it was made
   * @param imported key, tag, policy and programs
   */
  public record Content(
      String session, String volume, String target, Instant time, ImportedVolume imported) {

    /** As an object, with the key. */
    public Message toMessage() {
      return Message.empty()
          .with("session", session)
          .with("volume", volume)
          .with("target", target)
          .with("time", time.toString())
          .with("key", imported.key().exportBytes())
          .with("tag", imported.tag())
          .with("policy", imported.policy().name())
          .withTexts("measurements", imported.measurements())
          .with("attestation", List.of(attestation(imported.attestation())))
          .with("sessionHash", imported.sessionHash());
    }

    /** Reads the object. */
    public static Content of(Message message) throws RefusedException {
      Set<HashCode> measurements = new LinkedHashSet<>();
      for (String measurement : message.list("measurements")) {
        measurements.add(HashCode.fromString(measurement));
      }
      return new Content(
          message.text("session"),
          message.text("volume"),
          message.text("target"),
          Instant.parse(message.text("time")),
          new ImportedVolume(
              VolumeKey.ofBytes(message.bytes("key")),
              message.maybe("tag", RootTag::parse),
              message.value("policy", TagPolicy::valueOf),
              ImmutableSet.copyOf(measurements),
              attestation(Iterables.getOnlyElement(message.messages("attestation"))),
              message.maybe("sessionHash", HashCode::fromString)));
    }

    private static Message attestation(AttestationPolicy policy) {
      return Message.empty()
          .with("simulation", policy.simulation())
          .withTexts("platforms", policy.platforms())
          .withTexts("tolerate", policy.tolerated())
          .with("ignoresAllAdvisories", policy.ignoresAllAdvisories())
          .withTexts("ignoredAdvisories", policy.ignoredAdvisories());
    }

    private static AttestationPolicy attestation(Message message) throws RefusedException {
      return new AttestationPolicy(
          message.flag("simulation"),
          message.list("platforms").stream().map(Platform::valueOf).collect(toImmutableSet()),
          message.list("tolerate").stream().map(Tolerance::valueOf).collect(toImmutableSet()),
          message.flag("ignoresAllAdvisories"),
          ImmutableSet.copyOf(message.list("ignoredAdvisories")));
    }
  }

  /**
   * What was opened.
   *
   * @param content what was in it
   * @param from which service made it
   */
  public record Opened(Content content, Identity from) {}

  /** Seals. */
  public static byte[] seal(Content content, Credentials from, X509Certificate to)
      throws GeneralSecurityException {
    byte[] context = context(from.certificate(), to);
    byte[] sealed =
        Hpke.seal(
            Certificates.sealingKey(to),
            Hpke.Purpose.BUNDLE,
            context,
            content.toMessage().toBytes());
    byte[] certificate = from.certificate().getEncoded();
    byte[] signature =
        Signatures.sign(
            from.privateKey(), Signatures.Label.BUNDLE, Bytes.concat(context, certificate, sealed));
    return message(certificate, sealed, signature).toBytes();
  }

  private static Message message(byte[] from, byte[] sealed, byte[] signature) {
    return Message.empty().with("from", from).with("sealed", sealed).with("signature", signature);
  }

  /**
   * Opens.
   *
   * @throws GeneralSecurityException if it is not for this service, or was changed
   */
  public static Opened open(byte[] bundle, X509Certificate own, Hpke.KeyPair keys)
      throws GeneralSecurityException {
    try {
      Message message = Message.read(bundle);
      byte[] certificate = message.bytes("from");
      byte[] signature = message.bytes("signature");
      byte[] sealed = message.bytes("sealed");
      if (!Arrays.equals(message(certificate, sealed, signature).toBytes(), bundle)) {
        throw new GeneralSecurityException("it is written otherwise than services do");
      }
      X509Certificate from = Certificates.parse(certificate);
      byte[] context = context(from, own);
      if (!Signatures.verify(
          from.getPublicKey(),
          Signatures.Label.BUNDLE,
          Bytes.concat(context, certificate, sealed),
          signature)) {
        throw new GeneralSecurityException("it is for another service, or not what was signed");
      }
      byte[] plain = Hpke.open(keys, Hpke.Purpose.BUNDLE, context, sealed);
      return new Opened(Content.of(Message.read(plain)), Identity.of(from.getPublicKey()));
    } catch (RefusedException | RuntimeException e) {
      throw new GeneralSecurityException("it is none", e);
    }
  }

  private static byte[] context(X509Certificate from, X509Certificate to) {
    return Bytes.concat(
        Identity.of(from.getPublicKey()).key().asBytes(),
        Identity.of(to.getPublicKey()).key().asBytes());
  }
}
