package io.fspf.cas.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import com.google.common.io.BaseEncoding;
import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.cas.decision.Access;
import io.fspf.cas.decision.ConfigId;
import io.fspf.cas.decision.Decision;
import io.fspf.cas.decision.Identity;
import io.fspf.cas.decision.ImportedVolume;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.decision.Release;
import io.fspf.cas.decision.SessionSource;
import io.fspf.cas.decision.StoredSession;
import io.fspf.cas.decision.VolumeId;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.EvidenceVerifier;
import io.fspf.cas.evidence.SimulationAttester;
import io.fspf.cas.evidence.VerificationContext;
import io.fspf.cas.evidence.VerifiedEvidence;
import io.fspf.cas.service.Records.Kind;
import io.fspf.cas.session.ExportTarget;
import io.fspf.cas.session.Session;
import io.fspf.cas.session.SessionException;
import io.fspf.cas.session.SessionVolume;
import io.fspf.cas.wire.Bundle;
import io.fspf.cas.wire.Certificates;
import io.fspf.cas.wire.Credentials;
import io.fspf.cas.wire.GrantMac;
import io.fspf.cas.wire.Hpke;
import io.fspf.cas.wire.Message;
import io.fspf.cas.wire.ReportData;
import io.fspf.cas.wire.Signatures;
import io.fspf.key.KeyProvider;
import io.fspf.tag.TagState;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The configuration and attestation service: keeps sessions, and gives programs that prove who they
 * are what the sessions say.
 *
 * <p>What is guaranteed: whatever a call answered is durable and in the audit log; keys leave only
 * sealed to the key that a program's evidence names, or to another service. What is not: that
 * whoever runs the service cannot read its memory, unless it runs in an enclave itself.
 *
 * <p>Thread-safe; one change at a time. After a failure to write, every call fails until the
 * service is opened again.
 */
public final class Cas implements Closeable, SessionSource {
  /** The file with the service's certificate, for its clients. */
  public static final String CERTIFICATE_FILE = "cas.pem";

  /** The audit log. */
  public static final String AUDIT_FILE = "audit.log";

  private static final String STATE_DIRECTORY = "state";
  private static final String SELF = "self";
  private static final Duration GRANT_LIFETIME = Duration.ofDays(30);

  private final Records records;
  private final AuditLog audit;
  private final Settings settings;
  private final Challenges challenges;
  private final Credentials credentials;
  private final Hpke.KeyPair sealingKeys;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, StoredSession> sessions = new HashMap<>();
  private final Map<VolumeId, TagState> tags = new HashMap<>();
  private final Map<VolumeId, VolumeKey> drawnKeys = new HashMap<>();
  private final Map<String, Grant> grants = new HashMap<>();
  private final Map<BundleId, ImportedVolume> bundles = new HashMap<>();
  private final Map<BundleId, Instant> bundleTimes = new HashMap<>();
  private boolean failed;

  private record BundleId(HashCode cas, String session, String volume, String target) {}

  /**
   * How a service decides.
   *
   * @param verifiers of all formats of evidence that it takes
   * @param hardware whether it takes none that is simulated, whatever sessions say
   * @param clock tells the time
   */
  public record Settings(
      ImmutableList<EvidenceVerifier> verifiers, boolean hardware, Clock clock) {}

  private Cas(
      Records records,
      AuditLog audit,
      Settings settings,
      Credentials credentials,
      Hpke.KeyPair sealingKeys) {
    this.records = records;
    this.audit = audit;
    this.settings = settings;
    this.credentials = credentials;
    this.sealingKeys = sealingKeys;
    this.challenges = new Challenges(settings.clock());
  }

  /**
   * Makes a new service in a directory.
   *
   * @return who it is
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  public static Identity create(Path directory, KeyProvider keys, Freshness freshness)
      throws IOException {
    try (Records records = Records.create(directory.resolve(STATE_DIRECTORY), keys, freshness)) {
      Hpke.KeyPair sealing = Hpke.KeyPair.generate();
      Credentials own = Credentials.generate("fspf-cas", Optional.of(sealing.publicKey()));
      records.put(
          Kind.SERVICE,
          SELF,
          Message.empty()
              .with("key", own.privateKey().getEncoded())
              .with("certificate", own.certificate().getEncoded())
              .with("sealingKey", sealing.exportPrivateKey()));
      records.commit();
      Files.writeString(directory.resolve(CERTIFICATE_FILE), own.certificatePem());
      return own.identity();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Opens a service. */
  public static Cas open(Path directory, KeyProvider keys, Freshness freshness, Settings settings)
      throws IOException {
    Records records = Records.open(directory.resolve(STATE_DIRECTORY), keys, freshness);
    AuditLog audit = null;
    try {
      Message self =
          records
              .get(Kind.SERVICE, SELF)
              .orElseThrow(() -> new IOException("The service's state lacks its own keys"));
      X509Certificate certificate = Certificates.parse(self.bytes("certificate"));
      Credentials credentials =
          Credentials.of(
              KeyFactory.getInstance("EC")
                  .generatePrivate(new PKCS8EncodedKeySpec(self.bytes("key"))),
              certificate);
      Hpke.KeyPair sealing =
          Hpke.KeyPair.of(self.bytes("sealingKey"), Certificates.sealingKey(certificate));
      audit = AuditLog.open(directory.resolve(AUDIT_FILE), records);
      Cas cas = new Cas(records, audit, settings, credentials, sealing);
      cas.load();
      return cas;
    } catch (GeneralSecurityException e) {
      closeBoth(records, audit);
      throw new IOException("The service's own keys cannot be used", e);
    } catch (IOException | RuntimeException e) {
      closeBoth(records, audit);
      throw e;
    }
  }

  private static void closeBoth(Records records, @Nullable AuditLog audit) throws IOException {
    records.close();
    if (audit != null) {
      audit.close();
    }
  }

  private void load() throws IOException {
    for (Message message : records.all(Kind.SESSION)) {
      remember(message);
    }
    for (Message message : records.all(Kind.TAG)) {
      tags.put(
          Grant.volumeId(message),
          new TagState(message.value("tag", RootTag::parse), message.number("generation")));
    }
    for (Message message : records.all(Kind.DRAWN_KEY)) {
      drawnKeys.put(Grant.volumeId(message), VolumeKey.ofBytes(message.bytes("key")));
    }
    for (Message message : records.all(Kind.GRANT)) {
      Grant grant = Grant.of(message);
      grants.put(grant.id(), grant);
    }
    for (Message message : records.all(Kind.BUNDLE)) {
      remember(Bundle.Content.of(message), message.value("from", HashCode::fromString));
    }
  }

  private void remember(Message message) throws IOException {
    Session session = Session.readCanonical(message.text("session"));
    sessions.put(
        session.name(),
        new StoredSession(session, new Identity(message.value("creator", HashCode::fromString))));
  }

  private void remember(Bundle.Content content, HashCode from) {
    BundleId id = new BundleId(from, content.session(), content.volume(), content.target());
    bundles.put(id, content.imported());
    bundleTimes.put(id, content.time());
  }

  // ------------------------------------------------------------------------------------------
  // changes, and what the audit log says of them

  /** What is done while nothing else is. */
  @FunctionalInterface
  private interface Deed<T> {
    T run() throws IOException;
  }

  /**
   * Does something, and writes down that it was done or refused. A deed refuses before it puts
   * anything anywhere.
   */
  private synchronized <T> T audited(String event, Message details, Deed<T> deed)
      throws IOException {
    if (failed) {
      throw new IOException("The service could not write its state and has stopped");
    }
    try {
      T result = deed.run();
      commit(event, details);
      return result;
    } catch (RefusedException e) {
      details.with("reason", e.reason().name()).with("message", String.valueOf(e.getMessage()));
      try {
        commit("refused " + event, details);
      } catch (IOException | RuntimeException worse) {
        failed = true;
        throw worse;
      }
      throw e;
    } catch (IOException | RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  private void commit(String event, Message details) throws IOException {
    audit.prepare(settings.clock().instant(), event, details);
    records.commit();
    audit.complete();
  }

  private static Message by(Identity identity) {
    return Message.empty().with("identity", identity.toString());
  }

  // ------------------------------------------------------------------------------------------
  // sessions

  @Override
  public synchronized Optional<StoredSession> session(String name) {
    return Optional.ofNullable(sessions.get(name));
  }

  @Override
  public synchronized Optional<ImportedVolume> imported(
      HashCode cas, String session, String volume, String target) {
    return Optional.ofNullable(bundles.get(new BundleId(cas, session, volume, target)));
  }

  private Session unsealed(byte[] sealed) throws RefusedException {
    byte[] plain;
    try {
      plain = Hpke.open(sealingKeys, Hpke.Purpose.SESSION, identity().key().asBytes(), sealed);
    } catch (GeneralSecurityException e) {
      throw new RefusedException(Reason.REQUEST, "The session is not sealed for this service");
    }
    try {
      return Session.readCanonical(new String(plain, UTF_8));
    } catch (SessionException e) {
      throw new RefusedException(Reason.REQUEST, String.valueOf(e.getMessage()));
    }
  }

  /** Takes a session that nobody has made yet; whoever brings it is its creator. */
  HashCode createSession(Identity identity, byte[] sealed) throws IOException {
    Session session = unsealed(sealed);
    return audited(
        "create session",
        by(identity).with("session", session.name()).with("hash", session.hash().toString()),
        () -> {
          if (sessions.containsKey(session.name())) {
            throw new RefusedException(
                Reason.EXISTS, "There is a session " + session.name() + " already");
          }
          put(new StoredSession(session, identity));
          return session.hash();
        });
  }

  /** Puts a session in the place of its predecessor. */
  HashCode updateSession(Identity identity, byte[] sealed) throws IOException {
    Session session = unsealed(sealed);
    return audited(
        "update session",
        by(identity).with("session", session.name()).with("hash", session.hash().toString()),
        () -> {
          StoredSession present = find(session.name());
          Access.checkUpdate(present, session, identity);
          for (SessionVolume volume : session.volumes()) {
            Optional<RootTag> before =
                present.session().volume(volume.name()).flatMap(SessionVolume::tag);
            if (volume.tag().isPresent() && !volume.tag().equals(before)) {
              // The owner says which state is right from now on.
              VolumeId id = VolumeId.of(session.name(), volume.name());
              records.remove(Kind.TAG, id.unique());
              tags.remove(id);
            }
          }
          put(new StoredSession(session, present.creator()));
          return session.hash();
        });
  }

  private void put(StoredSession stored) throws IOException {
    records.put(
        Kind.SESSION,
        stored.session().name(),
        Message.empty()
            .with("session", stored.session().canonical())
            .with("creator", stored.creator().toString()));
    sessions.put(stored.session().name(), stored);
  }

  private StoredSession find(String name) throws RefusedException {
    return session(name)
        .orElseThrow(
            () -> new RefusedException(Reason.NO_SUCH_SESSION, "There is no session " + name));
  }

  /** A session without its secrets, and the tags of its volumes. */
  Message readSession(Identity identity, String name) throws IOException {
    return audited(
        "read session",
        by(identity).with("session", name),
        () -> {
          StoredSession stored = find(name);
          Access.checkRead(stored, identity);
          Map<String, String> current = new HashMap<>();
          for (SessionVolume volume : stored.session().volumes()) {
            tag(VolumeId.of(name, volume.name()), volume.tag())
                .ifPresent(state -> current.put(volume.name(), state.tag().toString()));
          }
          return Message.empty()
              .with("session", stored.session().redacted())
              .with("hash", stored.session().hash().toString())
              .with("creator", stored.creator().toString())
              .with("tags", current);
        });
  }

  // ------------------------------------------------------------------------------------------
  // proof and release

  byte[] challenge(ConfigId configId) {
    return challenges.create(configId);
  }

  /** Verifies evidence and releases, sealed to the public key that the evidence names. */
  byte[] attest(ConfigId configId, byte[] nonce, byte[] publicKey, String format, byte[] evidence)
      throws IOException {
    Message details = Message.empty().with("configId", configId.toString()).with("format", format);
    return audited(
        "release",
        details,
        () -> {
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
          Release release = Decision.release(configId, verified, this);
          try {
            byte[] message = released(release, verified).toBytes();
            return Hpke.seal(publicKey, Hpke.Purpose.RELEASE, nonce, message);
          } catch (GeneralSecurityException e) {
            throw new RefusedException(Reason.REQUEST, "The public key is none");
          }
        });
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

  private Message released(Release release, VerifiedEvidence evidence)
      throws IOException, GeneralSecurityException {
    var tracked = ImmutableList.<Grant.Tracked>builder();
    List<Message> mounts = new ArrayList<>();
    Map<String, String> volumes = new HashMap<>();
    for (Release.Mount mount : release.mounts()) {
      Message message =
          Message.empty()
              .with("path", mount.path())
              .with("volume", mount.volume().toString())
              .with("name", mount.volume().name())
              .with("root", mount.volume().name().startsWith("#"))
              .with("tag", mount.tag())
              .with("policy", mount.policy())
              .with("files", mount.files());
      Optional<VolumeKey> key = mount.drawn() ? Optional.of(drawn(mount.volume())) : mount.key();
      if (key.isPresent()) {
        message.with("key", key.get().exportBytes());
      }
      if (mount.policy().isPresent()) {
        tracked.add(new Grant.Tracked(mount.volume(), mount.tag()));
      }
      volumes.put(
          mount.path(),
          tag(mount.volume(), mount.tag()).map(state -> state.tag().toString()).orElse("new"));
      mounts.add(message);
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
    put(grant, now);
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
        .with(
            "signature",
            Signatures.sign(credentials.privateKey(), Signatures.Label.RECEIPT, receipt));
  }

  private byte[] randomBytes() {
    byte[] bytes = new byte[GrantMac.KEY_LENGTH];
    random.nextBytes(bytes);
    return bytes;
  }

  private VolumeKey drawn(VolumeId volume) throws IOException {
    VolumeKey known = drawnKeys.get(volume);
    if (known != null) {
      return known;
    }
    VolumeKey key = VolumeKey.generate();
    records.put(
        Kind.DRAWN_KEY, volume.unique(), Grant.volume(volume).with("key", key.exportBytes()));
    drawnKeys.put(volume, key);
    return key;
  }

  private void put(Grant grant, Instant now) throws IOException {
    for (Grant old : List.copyOf(grants.values())) {
      if (!old.end().isAfter(now)) {
        records.remove(Kind.GRANT, old.id());
        grants.remove(old.id());
      }
    }
    records.put(Kind.GRANT, grant.id(), grant.toMessage());
    grants.put(grant.id(), grant);
  }

  // ------------------------------------------------------------------------------------------
  // tags

  private Optional<TagState> tag(VolumeId volume, Optional<RootTag> initial) {
    TagState state = tags.get(volume);
    return state != null ? Optional.of(state) : initial.map(tag -> new TagState(tag, 0));
  }

  private Grant.Tracked tracked(String grantId, long number, List<String> question, byte[] code)
      throws RefusedException {
    Grant grant = grants.get(grantId);
    if (grant == null
        || !GrantMac.matches(grant.key(), question, code)
        || !grant.end().isAfter(settings.clock().instant())
        || number >= grant.volumes().size()) {
      throw new RefusedException(Reason.GRANT, "There is no such grant: attest anew");
    }
    for (Map.Entry<String, HashCode> session : grant.sessions().entrySet()) {
      if (!session(session.getKey())
          .map(stored -> stored.session().hash().equals(session.getValue()))
          .orElse(false)) {
        throw new RefusedException(
            Reason.GRANT,
            "Session %s was changed since the keys were released: attest anew"
                .formatted(session.getKey()));
      }
    }
    return grant.volumes().get((int) number);
  }

  /** The tag of a program's volume. */
  synchronized Optional<TagState> loadTag(
      String grantId, long number, List<String> question, byte[] code) throws RefusedException {
    Grant.Tracked volume = tracked(grantId, number, question, code);
    return tag(volume.id(), volume.initial());
  }

  /** Puts a program's volume from one tag to the next; false if it is at another. */
  boolean advanceTag(
      String grantId,
      long number,
      Optional<RootTag> expected,
      TagState next,
      List<String> question,
      byte[] code)
      throws IOException {
    Message details = Message.empty().with("tag", next.tag().toString());
    return audited(
        "advance tag",
        details,
        () -> {
          Grant.Tracked volume = tracked(grantId, number, question, code);
          details.with("volume", volume.id().toString());
          return advance(volume.id(), volume.initial(), expected, next, details);
        });
  }

  private boolean advance(
      VolumeId volume,
      Optional<RootTag> initial,
      Optional<RootTag> expected,
      TagState next,
      Message details)
      throws IOException {
    boolean right = tag(volume, initial).map(TagState::tag).equals(expected);
    details.with("stored", right);
    if (right) {
      records.put(
          Kind.TAG,
          volume.unique(),
          Grant.volume(volume)
              .with("tag", next.tag().toString())
              .with("generation", next.generation()));
      tags.put(volume, next);
    }
    return right;
  }

  /** The tag of a volume, for those who may read its session. */
  synchronized Optional<TagState> loadTag(Identity identity, String session, String volume)
      throws RefusedException {
    StoredSession stored = find(session);
    Access.checkRead(stored, identity);
    return tag(VolumeId.of(session, volume), initial(stored, volume));
  }

  private static Optional<RootTag> initial(StoredSession stored, String volume)
      throws RefusedException {
    return stored
        .session()
        .volume(volume)
        .orElseThrow(
            () ->
                new RefusedException(
                    Reason.VOLUME,
                    "Session %s has no volume %s".formatted(stored.session().name(), volume)))
        .tag();
  }

  /** The same as for programs, for those who may update the session. */
  boolean advanceTag(
      Identity identity, String session, String volume, Optional<RootTag> expected, TagState next)
      throws IOException {
    VolumeId id = VolumeId.of(session, volume);
    Message details = by(identity).with("volume", id.toString()).with("tag", next.tag().toString());
    return audited(
        "advance tag",
        details,
        () -> {
          StoredSession stored = find(session);
          Access.checkAdvance(stored, identity);
          return advance(id, initial(stored, volume), expected, next, details);
        });
  }

  // ------------------------------------------------------------------------------------------
  // other services

  /** Seals a volume for a session of another service, if its own session exports it there. */
  byte[] exportBundle(
      Identity identity,
      String session,
      String volume,
      String target,
      ImmutableSet<HashCode> measurements,
      X509Certificate to)
      throws IOException {
    HashCode toCas = Identity.of(to.getPublicKey()).key();
    return audited(
        "export",
        by(identity)
            .with("volume", session + "/" + volume)
            .with("target", target)
            .with("cas", toCas.toString()),
        () -> {
          StoredSession stored = find(session);
          Access.checkExport(stored, identity);
          Optional<RootTag> initial = initial(stored, volume);
          SessionVolume own = stored.session().volume(volume).orElseThrow();
          if (own.exports().stream().noneMatch(export -> admits(export, target, toCas))) {
            throw new RefusedException(
                Reason.NOT_EXPORTED,
                "Session %s does not export its volume %s to session %s of service %s"
                    .formatted(session, volume, target, toCas));
          }
          VolumeId id = VolumeId.of(session, volume);
          VolumeKey key =
              own.key()
                  .or(() -> Optional.ofNullable(drawnKeys.get(id)))
                  .orElseThrow(
                      () ->
                          new RefusedException(
                              Reason.VOLUME, "The volume " + id + " has no key yet"));
          var content =
              new Bundle.Content(
                  session,
                  volume,
                  target,
                  settings.clock().instant(),
                  new ImportedVolume(
                      key, tag(id, initial).map(TagState::tag), own.policy(), measurements));
          try {
            return Bundle.seal(content, credentials, to);
          } catch (GeneralSecurityException e) {
            throw new RefusedException(Reason.REQUEST, "Not the certificate of a service");
          }
        });
  }

  private static boolean admits(ExportTarget export, String target, HashCode cas) {
    // A hash cannot be checked here; the importing session is in the other service.
    return export.session().equals(target)
        && export.cas().equals(Optional.of(cas))
        && export.sessionHash().isEmpty();
  }

  /** Takes in what another service sealed for this one; the session to import it names that one. */
  void importBundle(Identity identity, byte[] bundle) throws IOException {
    Bundle.Opened opened;
    try {
      opened = Bundle.open(bundle, credentials.certificate(), sealingKeys);
    } catch (GeneralSecurityException e) {
      throw new RefusedException(
          Reason.REQUEST, "The bundle cannot be taken in: " + e.getMessage());
    }
    Bundle.Content content = opened.content();
    HashCode from = opened.from().key();
    audited(
        "import",
        by(identity)
            .with("volume", content.session() + "/" + content.volume())
            .with("target", content.target())
            .with("cas", from.toString()),
        () -> {
          BundleId id = new BundleId(from, content.session(), content.volume(), content.target());
          Instant known = bundleTimes.get(id);
          if (known != null && !content.time().isAfter(known)) {
            throw new RefusedException(
                Reason.ROLLBACK, "The bundle is not newer than the known one");
          }
          records.put(
              Kind.BUNDLE, id.toString(), content.toMessage().with("from", from.toString()));
          remember(content, from);
          return id;
        });
  }

  // ------------------------------------------------------------------------------------------

  /** Who the service is. */
  public Identity identity() {
    return credentials.identity();
  }

  /** What it shows to its clients. */
  Credentials credentials() {
    return credentials;
  }

  /** The service's certificate. */
  public X509Certificate certificate() {
    return credentials.certificate();
  }

  @Override
  public synchronized void close() throws IOException {
    failed = true;
    closeBoth(records, audit);
  }
}
