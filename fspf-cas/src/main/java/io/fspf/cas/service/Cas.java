package io.fspf.cas.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.cas.decision.Access;
import io.fspf.cas.decision.ConfigId;
import io.fspf.cas.decision.Identity;
import io.fspf.cas.decision.ImportedVolume;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.decision.SessionSource;
import io.fspf.cas.decision.StoredSession;
import io.fspf.cas.decision.VolumeId;
import io.fspf.cas.evidence.EvidenceVerifier;
import io.fspf.cas.session.Session;
import io.fspf.cas.session.SessionException;
import io.fspf.cas.session.SessionVolume;
import io.fspf.cas.wire.Bundle;
import io.fspf.cas.wire.Credentials;
import io.fspf.cas.wire.Hpke;
import io.fspf.cas.wire.Message;
import io.fspf.key.KeyProvider;
import io.fspf.tag.TagState;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private final Ledger ledger;
  private final Settings settings;
  private final ServiceKeys keys;
  private final Challenges challenges;
  private final Sessions sessions;
  private final VolumeTags tags;
  private final DrawnKeys drawnKeys;
  private final Grants grants;
  private final Bundles bundles;
  private final Releases releases;

  /**
   * How a service decides.
   *
   * @param verifiers of all formats of evidence that it takes
   * @param hardware whether it takes none that is simulated, whatever sessions say
   * @param clock tells the time
   */
  public record Settings(
      ImmutableList<EvidenceVerifier> verifiers, boolean hardware, Clock clock) {}

  private Cas(Records records, AuditLog audit, Settings settings) throws IOException {
    this.ledger = new Ledger(records, audit, settings.clock());
    this.settings = settings;
    this.keys = ServiceKeys.load(records);
    this.challenges = new Challenges(settings.clock());
    this.sessions = new Sessions(records);
    this.tags = new VolumeTags(records);
    this.drawnKeys = new DrawnKeys(records);
    this.grants = new Grants(records, sessions);
    this.bundles = new Bundles(records, keys, tags, drawnKeys);
    this.releases = new Releases(settings, keys, challenges, this, tags, drawnKeys, grants);
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
      ServiceKeys own = ServiceKeys.generate();
      own.put(records);
      records.commit();
      Files.writeString(directory.resolve(CERTIFICATE_FILE), own.credentials().certificatePem());
      return own.identity();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /**
   * Opens a service.
   *
   * @throws io.fspf.FreshnessException if its state is an older one
   * @throws IOException if the audit log was changed, or the state cannot be read
   */
  public static Cas open(Path directory, KeyProvider keys, Freshness freshness, Settings settings)
      throws IOException {
    Records records = Records.open(directory.resolve(STATE_DIRECTORY), keys, freshness);
    try {
      AuditLog audit = AuditLog.open(directory.resolve(AUDIT_FILE), records);
      try {
        return new Cas(records, audit, settings);
      } catch (IOException | RuntimeException e) {
        audit.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      records.close();
      throw e;
    }
  }

  private static Message by(Identity identity) {
    return Message.empty().with("identity", identity.toString());
  }

  // ------------------------------------------------------------------------------------------
  // sessions

  @Override
  public Optional<StoredSession> session(String name) {
    synchronized (ledger) {
      return sessions.get(name);
    }
  }

  @Override
  public Optional<ImportedVolume> imported(
      HashCode cas, String session, String volume, String target) {
    synchronized (ledger) {
      return bundles.get(cas, session, volume, target);
    }
  }

  private Session unsealed(byte[] sealed) throws RefusedException {
    byte[] plain;
    try {
      plain = Hpke.open(keys.sealing(), Hpke.Purpose.SESSION, identity().key().asBytes(), sealed);
    } catch (GeneralSecurityException e) {
      throw new RefusedException(Reason.REQUEST, "The session is not sealed for this service");
    }
    try {
      return Session.readCanonical(new String(plain, UTF_8));
    } catch (SessionException e) {
      throw new RefusedException(Reason.REQUEST, String.valueOf(e.getMessage()));
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static Message details(Identity identity, Session session) {
    return by(identity).with("session", session.name()).with("hash", session.hash().toString());
  }

  /** Takes a session that nobody has made yet; whoever brings it is its creator. */
  HashCode createSession(Identity identity, byte[] sealed) throws IOException {
    Session session = unsealed(sealed);
    return ledger.change(
        "create session",
        details(identity, session),
        () -> {
          Access.checkCreate(sessions.get(session.name()), session);
          sessions.put(new StoredSession(session, identity));
          return session.hash();
        });
  }

  /** Puts a session in the place of its predecessor. */
  HashCode updateSession(Identity identity, byte[] sealed) throws IOException {
    Session session = unsealed(sealed);
    return ledger.change(
        "update session",
        details(identity, session),
        () -> {
          StoredSession present = sessions.find(session.name());
          Access.checkUpdate(present, session, identity);
          for (VolumeId volume : VolumeId.settled(present.session(), session)) {
            tags.forget(volume);
          }
          sessions.put(new StoredSession(session, present.creator()));
          return session.hash();
        });
  }

  /** A session without its secrets, and the tags of its volumes. */
  Message readSession(Identity identity, String name) throws IOException {
    return ledger.change(
        "read session",
        by(identity).with("session", name),
        () -> {
          StoredSession stored = sessions.find(name);
          Access.checkRead(stored, identity);
          Map<String, String> current = new HashMap<>();
          for (SessionVolume volume : stored.session().volumes()) {
            tags.get(VolumeId.of(name, volume.name()), volume.tag())
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
    return ledger.change(
        "release",
        details,
        () -> releases.release(configId, nonce, publicKey, format, evidence, details));
  }

  // ------------------------------------------------------------------------------------------
  // tags

  /** The tag of a program's volume. */
  Optional<TagState> loadTag(String grantId, long number, List<String> question, byte[] code)
      throws IOException {
    return ledger.look(
        () -> {
          Grant.Tracked volume =
              grants.volume(grantId, number, question, code, settings.clock().instant());
          return tags.get(volume.id(), volume.initial());
        });
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
    return ledger.change(
        "advance tag",
        details,
        () -> {
          Grant.Tracked volume =
              grants.volume(grantId, number, question, code, settings.clock().instant());
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
    boolean stored = tags.advance(volume, initial, expected, next);
    details.with("stored", stored);
    return stored;
  }

  /** The tag of a volume, for those who may read its session. */
  Optional<TagState> loadTag(Identity identity, String session, String volume) throws IOException {
    return ledger.look(
        () -> {
          StoredSession stored = sessions.find(session);
          Access.checkRead(stored, identity);
          return tags.get(VolumeId.of(session, volume), Sessions.own(stored, volume).tag());
        });
  }

  /** The same as for programs, for those who may update the session. */
  boolean advanceTag(
      Identity identity, String session, String volume, Optional<RootTag> expected, TagState next)
      throws IOException {
    VolumeId id = VolumeId.of(session, volume);
    Message details = by(identity).with("volume", id.toString()).with("tag", next.tag().toString());
    return ledger.change(
        "advance tag",
        details,
        () -> {
          StoredSession stored = sessions.find(session);
          Access.checkAdvance(stored, identity);
          return advance(id, Sessions.own(stored, volume).tag(), expected, next, details);
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
    return ledger.change(
        "export",
        by(identity)
            .with("volume", session + "/" + volume)
            .with("target", target)
            .with("cas", toCas.toString()),
        () -> {
          StoredSession stored = sessions.find(session);
          Access.checkExport(stored, identity);
          return bundles.seal(
              stored,
              Sessions.own(stored, volume),
              target,
              measurements,
              to,
              toCas,
              settings.clock().instant());
        });
  }

  /** Takes in what another service sealed for this one; the session to import it names that one. */
  void importBundle(Identity identity, byte[] bundle) throws IOException {
    Bundle.Opened opened = bundles.open(bundle);
    Bundle.Content content = opened.content();
    var unused =
        ledger.change(
            "import",
            by(identity)
                .with("volume", content.session() + "/" + content.volume())
                .with("target", content.target())
                .with("cas", opened.from().toString()),
            () -> {
              bundles.put(opened);
              return content;
            });
  }

  // ------------------------------------------------------------------------------------------

  /** Who the service is. */
  public Identity identity() {
    return keys.identity();
  }

  /** What it shows to its clients. */
  Credentials credentials() {
    return keys.credentials();
  }

  /** The service's certificate. */
  public X509Certificate certificate() {
    return keys.certificate();
  }

  @Override
  public void close() throws IOException {
    synchronized (ledger) {
      ledger.close();
      drawnKeys.close();
    }
  }
}
