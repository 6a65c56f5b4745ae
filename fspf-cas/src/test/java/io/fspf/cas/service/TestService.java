package io.fspf.cas.service;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.fspf.Freshness;
import io.fspf.VolumeKey;
import io.fspf.cas.client.CasClient;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.EvidenceVerifier;
import io.fspf.cas.evidence.SimulationVerifier;
import io.fspf.cas.evidence.TestDcap;
import io.fspf.cas.wire.Credentials;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagStore;
import io.fspf.tag.TagStores;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A service behind its door on 127.0.0.1, with its state in a folder and its tags beside, and a
 * record of every body that goes over the wire. It takes SGX quotes below a root of its own.
 */
final class TestService implements Closeable {
  static final String STATE_KEY =
      Hashing.sha256().hashString("key of the state", StandardCharsets.UTF_8).toString();

  private final Path folder;
  private final boolean hardware;
  private final TestDcap intel;
  private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
  private final TestClock clock;
  private Cas cas;
  private CasServer server;

  private TestService(Path folder, boolean hardware, TestDcap intel, TestClock clock)
      throws IOException {
    this.folder = folder;
    this.hardware = hardware;
    this.intel = intel;
    this.clock = clock;
    this.cas = open(folder, hardware, intel, clock);
    this.server = serve();
  }

  /** A new one. */
  static TestService start(Path folder, boolean hardware) throws Exception {
    Cas.create(home(folder), keys(), freshness(folder));
    TestDcap intel = new TestDcap();
    return new TestService(folder, hardware, intel, new TestClock(intel.context().time()));
  }

  static Path home(Path folder) {
    return folder.resolve("cas");
  }

  static KeyProvider keys() {
    return KeyProviders.raw(VolumeKey.parse(STATE_KEY));
  }

  static Freshness freshness(Path folder) throws IOException {
    TagStore store = TagStores.directory(folder.resolve("cas-tags"));
    return Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED, "cas");
  }

  private static Cas open(Path folder, boolean hardware, TestDcap intel, Clock clock)
      throws IOException {
    EvidenceVerifier sgx;
    try {
      sgx = intel.sgxVerifier();
    } catch (EvidenceException e) {
      throw new AssertionError(e);
    }
    return Cas.open(
        home(folder),
        keys(),
        freshness(folder),
        new Cas.Settings(ImmutableList.of(sgx, new SimulationVerifier()), hardware, clock));
  }

  private CasServer serve() throws IOException {
    return CasServer.start(
        cas, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(new Tap(bodies)));
  }

  /** Closes and opens it. */
  void restart() throws IOException {
    close();
    cas = open(folder, hardware, intel, clock);
    server = serve();
  }

  /** Time goes by. */
  void pass(Duration time) {
    clock.now = clock.now.plus(time);
  }

  TestDcap intel() {
    return intel;
  }

  Cas cas() {
    return cas;
  }

  /** Every body of a question or an answer. */
  List<byte[]> bodies() {
    return bodies;
  }

  String address() {
    return "127.0.0.1:" + server.address().getPort();
  }

  private Path identity(String name) {
    return folder.resolve(name + ".pem");
  }

  /** A person's client; the same person for the same name. */
  CasClient client(String name) throws IOException {
    return CasClient.of(address(), home(folder).resolve(Cas.CERTIFICATE_FILE), identity(name));
  }

  /** The same person, who is not bound to ask proper questions. */
  Door door(String name) throws IOException, GeneralSecurityException {
    return new Door(address(), cas.certificate(), Credentials.file(identity(name)));
  }

  /** A program's client. */
  CasClient program() throws IOException {
    return CasClient.anonymous(address(), cas.certificate());
  }

  @Override
  public void close() throws IOException {
    server.close();
    cas.close();
  }

  private static final class TestClock extends Clock {
    private volatile Instant now;

    TestClock(Instant now) {
      this.now = now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  /** Keeps what goes by. */
  private static final class Tap extends Filter {
    private final List<byte[]> bodies;

    Tap(List<byte[]> bodies) {
      this.bodies = bodies;
    }

    @Override
    public String description() {
      return "keeps bodies";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      byte[] question = exchange.getRequestBody().readAllBytes();
      bodies.add(question);
      // The stream exists once the headers are sent; by then all that goes through it is a copy.
      OutputStream out = exchange.getResponseBody();
      var answer = new ByteArrayOutputStream();
      exchange.setStreams(
          new ByteArrayInputStream(question),
          new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
              answer.write(bytes, offset, length);
              out.write(bytes, offset, length);
            }
          });
      try {
        chain.doFilter(exchange);
      } finally {
        bodies.add(answer.toByteArray());
      }
    }
  }
}
