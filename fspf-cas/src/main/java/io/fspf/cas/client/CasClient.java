package io.fspf.cas.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableMap;
import com.google.common.hash.HashCode;
import io.fspf.RootTag;
import io.fspf.cas.decision.ConfigId;
import io.fspf.cas.decision.Identity;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.evidence.Attester;
import io.fspf.cas.session.Session;
import io.fspf.cas.wire.Certificates;
import io.fspf.cas.wire.Credentials;
import io.fspf.cas.wire.Hpke;
import io.fspf.cas.wire.Message;
import io.fspf.cas.wire.Questions;
import io.fspf.cas.wire.ReportData;
import io.fspf.cas.wire.Tls;
import io.fspf.tag.TagState;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Talks to one service, which it knows by its certificate. Thread-safe.
 *
 * <p>Refusals are {@link RefusedException}s with the service's own message.
 */
public final class CasClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_ANSWER = 16 << 20;

  private final String address;
  private final X509Certificate service;
  private final Credentials own;
  private final HttpClient http;

  private CasClient(String address, X509Certificate service, Credentials own, HttpClient http) {
    this.address = address;
    this.service = service;
    this.own = own;
    this.http = http;
  }

  /**
   * A person's client.
   *
   * @param address {@code HOST:PORT}
   * @param certificate the file with the service's certificate
   * @param identity the file with the person's key, which is made where it does not exist
   */
  public static CasClient of(String address, Path certificate, Path identity) throws IOException {
    return of(address, Credentials.certificate(certificate), Credentials.file(identity));
  }

  /** A program's client, with a key that lasts as long as it does. */
  public static CasClient anonymous(String address, Path certificate) throws IOException {
    return anonymous(address, Credentials.certificate(certificate));
  }

  /** The same, with the certificate itself. */
  public static CasClient anonymous(String address, X509Certificate certificate)
      throws IOException {
    try {
      return of(address, certificate, Credentials.generate("fspf", Optional.empty()));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static CasClient of(String address, X509Certificate service, Credentials own)
      throws IOException {
    try {
      // A certificate that is no service's is noticed here, not when a session is sealed to it.
      var unused = Certificates.sealingKey(service);
      HttpClient http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(TIMEOUT)
              .sslContext(Tls.client(own, service))
              .build();
      return new CasClient(address, service, own, http);
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Who the client is to the service. */
  public Identity identity() {
    return own.identity();
  }

  Message ask(String path, Message question) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://" + address + path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(question.toBytes()))
            .build();
    HttpResponse<java.io.InputStream> response;
    try {
      response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while the service was asked");
    } catch (IOException e) {
      throw new IOException("The service at " + address + " cannot be asked: " + e.getMessage(), e);
    }
    byte[] body;
    try (var in = response.body()) {
      body = in.readNBytes(MAX_ANSWER);
    }
    Message answer = Message.read(body);
    if (response.statusCode() == 200) {
      return answer;
    }
    String message = answer.text("message");
    Optional<Reason> reason = answer.maybe("reason", Reason::valueOf);
    throw reason.isPresent()
        ? new RefusedException(reason.get(), message)
        : new IOException(message);
  }

  // ------------------------------------------------------------------------------------------
  // sessions

  /** Brings a new session. */
  public HashCode create(Session session) throws IOException {
    return bring(Questions.CREATE, session);
  }

  /** Brings a new version of a session, which names its predecessor. */
  public HashCode update(Session session) throws IOException {
    return bring(Questions.UPDATE, session);
  }

  private HashCode bring(String path, Session session) throws IOException {
    byte[] plain = session.canonical().getBytes(UTF_8);
    try {
      byte[] sealed =
          Hpke.seal(
              Certificates.sealingKey(service),
              Hpke.Purpose.SESSION,
              Identity.of(service.getPublicKey()).key().asBytes(),
              plain);
      return ask(path, Message.empty().with("sealed", sealed)).value("hash", HashCode::fromString);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /**
   * A session as the service shows it.
   *
   * @param document JSON, without secrets
   * @param hash of the whole session
   * @param creator who created it
   * @param tags of its volumes, the newest
   */
  public record Shown(
      String document, HashCode hash, HashCode creator, ImmutableMap<String, RootTag> tags) {}

  /** Asks for a session. */
  public Shown read(String session) throws IOException {
    Message answer = ask(Questions.READ, Message.empty().with("session", session));
    var tags = ImmutableMap.<String, RootTag>builder();
    answer.texts("tags").forEach((name, tag) -> tags.put(name, RootTag.parse(tag)));
    return new Shown(
        answer.text("session"),
        answer.value("hash", HashCode::fromString),
        answer.value("creator", HashCode::fromString),
        tags.buildOrThrow());
  }

  // ------------------------------------------------------------------------------------------
  // proof

  /**
   * Proves what this program is and asks for what a session gives it.
   *
   * @param configId {@code SESSION/SERVICE}
   */
  public Configuration attest(String configId, Attester attester) throws IOException {
    ConfigId id = ConfigId.parse(configId);
    Hpke.KeyPair keys = Hpke.KeyPair.generate();
    byte[] nonce =
        ask(Questions.CHALLENGE, Message.empty().with("configId", configId)).bytes("nonce");
    if (nonce.length != ReportData.NONCE_LENGTH) {
      throw new IOException("The service's challenge is none");
    }
    byte[] reportData = ReportData.of(nonce, keys.publicKey(), id).asBytes();
    Message answer =
        ask(
            Questions.ATTEST,
            Message.empty()
                .with("configId", configId)
                .with("nonce", nonce)
                .with("publicKey", keys.publicKey())
                .with("format", attester.format())
                .with("evidence", attester.attest(reportData)));
    try {
      byte[] plain = Hpke.open(keys, Hpke.Purpose.RELEASE, nonce, answer.bytes("sealed"));
      return Configuration.of(Message.read(plain), service, this);
    } catch (GeneralSecurityException e) {
      throw new IOException("What the service released is not for this program", e);
    }
  }

  // ------------------------------------------------------------------------------------------
  // tags

  private static Optional<TagState> state(Message answer) throws IOException {
    Optional<RootTag> tag = answer.maybe("tag", RootTag::parse);
    return tag.isEmpty()
        ? Optional.empty()
        : Optional.of(new TagState(tag.get(), answer.number("generation")));
  }

  Optional<TagState> loadTag(Message whose) throws IOException {
    return state(ask(Questions.LOAD_TAG, whose));
  }

  boolean advanceTag(Message whose, Optional<RootTag> expected, TagState next) throws IOException {
    return ask(
            Questions.ADVANCE_TAG,
            whose
                .with("expected", expected)
                .with("tag", next.tag().toString())
                .with("generation", next.generation()))
        .flag("stored");
  }

  // ------------------------------------------------------------------------------------------
  // other services

  /** Has a volume sealed for a session of another service. */
  public byte[] export(
      String session, String volume, String target, List<HashCode> measurements, X509Certificate to)
      throws IOException {
    try {
      return ask(
              Questions.EXPORT,
              Message.empty()
                  .with("session", session)
                  .with("volume", volume)
                  .with("target", target)
                  .withTexts("measurements", measurements)
                  .with("to", to.getEncoded()))
          .bytes("bundle");
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Brings what another service sealed. */
  public void importBundle(byte[] bundle) throws IOException {
    var unused = ask(Questions.IMPORT, Message.empty().with("bundle", bundle));
  }
}
