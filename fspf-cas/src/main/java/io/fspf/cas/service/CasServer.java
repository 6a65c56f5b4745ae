package io.fspf.cas.service;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.fspf.RootTag;
import io.fspf.cas.decision.ConfigId;
import io.fspf.cas.decision.Identity;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.wire.Certificates;
import io.fspf.cas.wire.Message;
import io.fspf.cas.wire.Questions;
import io.fspf.cas.wire.Tls;
import io.fspf.tag.TagState;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The service's door: HTTPS with TLS 1.3, on which both sides show a certificate. Each question is
 * a POST of a JSON object, each answer one; a refusal has status 403 and says why.
 *
 * <p>Thread-safe.
 */
public final class CasServer implements Closeable {
  private static final System.Logger LOG = System.getLogger("io.fspf.cas");
  private static final int MAX_REQUEST = 4 << 20;
  private static final int THREADS = 8;
  private static final int BACKLOG = 64;

  private final HttpsServer server;
  private final ExecutorService threads;
  private final Cas cas;
  private final Map<String, Answer> answers;

  /** Answers one kind of question. */
  @FunctionalInterface
  private interface Answer {
    Message to(Identity identity, Message question) throws IOException;
  }

  private CasServer(HttpsServer server, ExecutorService threads, Cas cas) {
    this.server = server;
    this.threads = threads;
    this.cas = cas;
    this.answers =
        ImmutableMap.<String, Answer>builder()
            .put(Questions.CREATE, this::create)
            .put(Questions.UPDATE, this::update)
            .put(Questions.READ, this::read)
            .put(Questions.CHALLENGE, this::challenge)
            .put(Questions.ATTEST, this::attest)
            .put(Questions.LOAD_TAG, this::loadTag)
            .put(Questions.ADVANCE_TAG, this::advanceTag)
            .put(Questions.EXPORT, this::export)
            .put(Questions.IMPORT, this::importBundle)
            .buildOrThrow();
  }

  /**
   * Serves until it is closed.
   *
   * @param address where to listen; port 0 for any
   */
  public static CasServer start(Cas cas, InetSocketAddress address) throws IOException {
    return start(cas, address, List.of());
  }

  /** The same with something in between that sees what goes over the wire. */
  static CasServer start(Cas cas, InetSocketAddress address, List<Filter> filters)
      throws IOException {
    HttpsServer server = HttpsServer.create(address, BACKLOG);
    try {
      SSLContext tls = Tls.server(cas.credentials());
      server.setHttpsConfigurator(
          new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
              SSLParameters both = getSSLContext().getDefaultSSLParameters();
              both.setNeedClientAuth(true);
              both.setProtocols(new String[] {Tls.PROTOCOL});
              parameters.setSSLParameters(both);
            }
          });
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up", e);
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    server.setExecutor(threads);
    CasServer started = new CasServer(server, threads, cas);
    started.answers.forEach(
        (path, answer) ->
            server
                .createContext(path, exchange -> started.handle(exchange, answer))
                .getFilters()
                .addAll(filters));
    server.start();
    return started;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange, Answer answer) throws IOException {
    try (exchange) {
      int status = 200;
      Message message;
      try {
        message = answer.to(identity(exchange), question(exchange));
      } catch (RefusedException e) {
        status = e.reason() == Reason.REQUEST ? 400 : 403;
        message =
            Message.empty()
                .with("reason", e.reason().name())
                .with("message", String.valueOf(e.getMessage()));
      } catch (IOException | RuntimeException e) {
        // What went wrong inside is not for whoever asks.
        LOG.log(Level.ERROR, "A request failed", e);
        status = 500;
        message = Message.empty().with("message", "The service failed; its log says more");
      }
      byte[] body = message.toBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Identity identity(HttpExchange exchange) throws IOException {
    return Identity.of(
        ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0].getPublicKey());
  }

  private static Message question(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      throw new RefusedException(Reason.REQUEST, "Questions are posted");
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_REQUEST + 1);
    if (body.length > MAX_REQUEST) {
      throw new RefusedException(Reason.REQUEST, "The question is too long");
    }
    return Message.read(body);
  }

  // ------------------------------------------------------------------------------------------

  private Message create(Identity identity, Message question) throws IOException {
    return Message.empty()
        .with("hash", cas.createSession(identity, question.bytes("sealed")).toString());
  }

  private Message update(Identity identity, Message question) throws IOException {
    return Message.empty()
        .with("hash", cas.updateSession(identity, question.bytes("sealed")).toString());
  }

  private Message read(Identity identity, Message question) throws IOException {
    return cas.readSession(identity, question.text("session"));
  }

  private Message challenge(Identity identity, Message question) throws IOException {
    return Message.empty().with("nonce", cas.challenge(ConfigId.parse(question.text("configId"))));
  }

  private Message attest(Identity identity, Message question) throws IOException {
    return Message.empty()
        .with(
            "sealed",
            cas.attest(
                ConfigId.parse(question.text("configId")),
                question.bytes("nonce"),
                question.bytes("publicKey"),
                question.text("format"),
                question.bytes("evidence")));
  }

  private static Message state(Optional<TagState> state) {
    Message message = Message.empty();
    if (state.isPresent()) {
      message
          .with("tag", state.get().tag().toString())
          .with("generation", state.get().generation());
    }
    return message;
  }

  private Message loadTag(Identity identity, Message question) throws IOException {
    Optional<String> grant = question.maybe("grant");
    if (grant.isEmpty()) {
      return state(cas.loadTag(identity, question.text("session"), question.text("volume")));
    }
    long volume = question.number("number");
    return state(
        cas.loadTag(
            grant.get(), volume, Questions.loadTag(grant.get(), volume), question.bytes("mac")));
  }

  private Message advanceTag(Identity identity, Message question) throws IOException {
    Optional<RootTag> expected = question.maybe("expected", RootTag::parse);
    TagState next =
        new TagState(question.value("tag", RootTag::parse), question.number("generation"));
    Optional<String> grant = question.maybe("grant");
    boolean stored;
    if (grant.isEmpty()) {
      stored =
          cas.advanceTag(
              identity, question.text("session"), question.text("volume"), expected, next);
    } else {
      long volume = question.number("number");
      stored =
          cas.advanceTag(
              grant.get(),
              volume,
              expected,
              next,
              Questions.advanceTag(grant.get(), volume, expected, next),
              question.bytes("mac"));
    }
    return Message.empty().with("stored", stored);
  }

  private Message export(Identity identity, Message question) throws IOException {
    var measurements = ImmutableSet.<HashCode>builder();
    try {
      for (String measurement : question.list("measurements")) {
        measurements.add(HashCode.fromString(measurement));
      }
      return Message.empty()
          .with(
              "bundle",
              cas.exportBundle(
                  identity,
                  question.text("session"),
                  question.text("volume"),
                  question.text("target"),
                  measurements.build(),
                  Certificates.parse(question.bytes("to"))));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new RefusedException(Reason.REQUEST, "A measurement or a certificate is none");
    }
  }

  private Message importBundle(Identity identity, Message question) throws IOException {
    cas.importBundle(identity, question.bytes("bundle"));
    return Message.empty();
  }

  /** Stops; what is being answered is finished, as far as a second suffices. */
  @Override
  public void close() {
    server.stop(1);
    threads.shutdown();
  }
}
