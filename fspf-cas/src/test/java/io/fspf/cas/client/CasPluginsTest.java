package io.fspf.cas.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.fspf.Freshness;
import io.fspf.FreshnessException;
import io.fspf.Volume;
import io.fspf.VolumeKeyException;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.evidence.SimulationVerifier;
import io.fspf.cas.service.Cas;
import io.fspf.cas.service.CasServer;
import io.fspf.cas.session.Session;
import io.fspf.key.KeyProviders;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagState;
import io.fspf.tag.TagStore;
import io.fspf.tag.TagStores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cas:} as a scheme of keys and tag stores, for a program and for a person. */
class CasPluginsTest {
  private static final String MEASUREMENT = "ab".repeat(32);

  @TempDir private Path directory;

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private Cas cas;

  @SuppressWarnings("NullAway.Init")
  private CasServer server;

  @BeforeEach
  void serve() throws IOException {
    var freshness =
        Freshness.store(
            TagStores.directory(directory.resolve("tags")), TagPolicy.ROLLBACK_PROTECTED);
    var keys = KeyProviders.file(directory.resolve("cas.key"));
    Path own = Files.createDirectory(directory.resolve("cas"));
    var unused = Cas.create(own, keys, freshness);
    var settings =
        new Cas.Settings(ImmutableList.of(new SimulationVerifier()), false, Clock.systemUTC());
    cas = Cas.open(own, keys, freshness, settings);
    server = CasServer.start(cas, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    var hash =
        CasClient.of(address(), certificate(), directory.resolve("owner.pem"))
            .create(
                Session.read(
                    """
                    name: team/notes
                    services: [{name: editor, mrenclaves: [%s], image_name: i}]
                    images: [{name: i, volumes: [{name: notes, path: /notes}]}]
                    volumes: [{name: notes}]
                    security: {attestation: {mode: simulation}}
                    """
                        .formatted(MEASUREMENT)));
    assertThat(hash.bits()).isEqualTo(256);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    cas.close();
  }

  private String address() {
    return "127.0.0.1:" + server.address().getPort();
  }

  private Path certificate() {
    return directory.resolve("cas").resolve(Cas.CERTIFICATE_FILE);
  }

  private String programs(String measurement) {
    return "cas:%s/team/notes/editor?attester=simulation:%s&certificate=%s#notes"
        .formatted(address(), measurement, certificate());
  }

  private String persons(String identity) {
    return "cas:%s/team/notes?certificate=%s&identity=%s#notes"
        .formatted(address(), certificate(), directory.resolve(identity));
  }

  private FileSystem open(String measurement) throws IOException {
    URI place = URI.create("fspf://" + directory.resolve("notes").toUri().getRawPath());
    String uri = programs(measurement);
    return FileSystems.newFileSystem(
        place, Map.of("keys", uri, "tagStore", uri, "create", "true", "commitInterval", "0"));
  }

  @Test
  void aProgramHasAKeyThatNobodySawAndTheServiceKnowsItsTag() throws IOException {
    try (FileSystem notes = open(MEASUREMENT)) {
      Files.writeString(notes.getPath("/first"), "protected");
    }
    TagStore person = TagStores.of(persons("owner.pem"));
    assertThat(person.load("notes").map(TagState::tag))
        .hasValue(Volume.tagOf(directory.resolve("notes")));
    assertThat(TagStores.of(URI.create(persons("owner.pem"))).load("notes"))
        .isEqualTo(person.load("notes"));
    try (FileSystem notes = open(MEASUREMENT)) {
      assertThat(Files.readString(notes.getPath("/first"))).isEqualTo("protected");
    }
  }

  @Test
  void anotherProgramAndAnotherPersonGetNothing() throws IOException {
    open(MEASUREMENT).close();
    String other = "cd".repeat(32);
    assertThatThrownBy(() -> open(other))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("measured as " + other);
    assertThatThrownBy(
            () ->
                KeyProviders.of(programs(other))
                    .unlock(io.fspf.key.KeyRequest.of(new byte[16], java.util.List.of())))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("measured as " + other);
    assertThatThrownBy(() -> TagStores.of(persons("stranger.pem")).load("notes"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("may not read session team/notes");
  }

  @Test
  void anOldStateIsRefusedAndTheOwnerMaySayWhichStateIsRight() throws IOException {
    open(MEASUREMENT).close();
    Path file = directory.resolve("notes/fspf.pb");
    byte[] old = Files.readAllBytes(file);
    TagStore owner = TagStores.of(persons("owner.pem"));
    TagState before = owner.load("notes").orElseThrow();
    try (FileSystem notes = open(MEASUREMENT)) {
      Files.writeString(notes.getPath("/first"), "newer");
    }
    Files.write(file, old);
    assertThatThrownBy(() -> open(MEASUREMENT)).isInstanceOf(FreshnessException.class);
    TagState newest = owner.load("notes").orElseThrow();
    assertThat(owner.compareAndSet("notes", before.tag(), before)).isFalse();
    assertThat(owner.compareAndSet("notes", newest.tag(), before)).isTrue();
    open(MEASUREMENT).close();
  }

  @Test
  void uris() throws IOException {
    CasUri person = CasUri.parse("cas:host:1/a/b:c#v/w");
    assertThat(person.address()).isEqualTo("host:1");
    assertThat(person.whose()).isEqualTo("a/b:c");
    assertThat(person.volume()).isEqualTo("v/w");
    assertThat(person.attester()).isEmpty();
    assertThat(CasUri.parse("cas:[::1]:1/s/x?attester=tdx&identity=a%20b#v").parameters())
        .containsExactly(Map.entry("attester", "tdx"), Map.entry("identity", "a b"));
    for (String wrong :
        new String[] {
          "cas:",
          "cas:host:1",
          "cas:host:1/s",
          "cas:host:1/#v",
          "cas:/s#v",
          "cas:host:1/s#",
          "cas:host:1/s?key=00#v",
          "cas:host:1/s?#v"
        }) {
      assertThatThrownBy(() -> CasUri.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> TagStores.of("cas:host:1/s#v"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FSPF_CAS_CERTIFICATE");
    assertThatThrownBy(() -> TagStores.of("casx:host:1/s#v"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeyProviders.of("casx:host:1/s#v"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Attesters.of("none")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Attesters.of("simulation:00"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
