package io.fspf.cas.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.fspf.RootTag;
import io.fspf.cas.client.CasClient;
import io.fspf.cas.client.Configuration;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.evidence.Attester;
import io.fspf.cas.evidence.SimulationAttester;
import io.fspf.cas.session.Session;
import io.fspf.tag.TagState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume of one service's session in a session of another service. */
class BundleTest {
  private static final HashCode PROGRAM = Hashing.sha256().hashString("program", UTF_8);
  private static final HashCode OTHER_PROGRAM = Hashing.sha256().hashString("other", UTF_8);
  private static final String KEY = "6b".repeat(32);
  private static final RootTag TAG = RootTag.parse("7c".repeat(32));

  @TempDir private Path folder;
  private TestService from;
  private TestService to;
  private CasClient owner;
  private CasClient importer;

  @BeforeEach
  void begin() throws Exception {
    from = TestService.start(Files.createDirectory(folder.resolve("from")), false);
    to = TestService.start(Files.createDirectory(folder.resolve("to")), false);
    owner = from.client("owner");
    importer = to.client("importer");
  }

  @AfterEach
  void end() throws IOException {
    from.close();
    to.close();
  }

  private void owned(String export, String security) throws IOException {
    var unused =
        owner.create(
            Session.read(
                """
                name: owned
                volumes:
                  - {name: data, fspf_key: %s, fspf_tag: %s, export: {session: taken%s, cas: %s}}
                %s
                """
                    .formatted(KEY, TAG, export, to.cas().identity(), security)));
  }

  private Session taking(String name) throws IOException {
    return Session.read(
        """
        name: %s
        services:
          - {name: app, image_name: img, mrenclaves: [%s, %s]}
        images:
          - {name: img, volumes: [{name: data, path: /data}]}
        volumes:
          - {name: data, import: {session: owned, cas: %s}}
        security: {attestation: {mode: simulation}}
        """
            .formatted(name, PROGRAM, OTHER_PROGRAM, from.cas().identity()));
  }

  private byte[] export(String target) throws IOException {
    return owner.export("owned", "data", target, List.of(PROGRAM), to.cas().certificate());
  }

  private Configuration attest(String session, Attester attester) throws IOException {
    return to.program().attest(session + "/app", attester);
  }

  private Attester sgx(HashCode program) {
    return to.intel().sgx(program);
  }

  private static void assertRefused(ThrowingCallable how, Reason reason, String message) {
    assertThatThrownBy(how)
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(message)
        .returns(reason, e -> ((RefusedException) e).reason());
  }

  @Test
  void aBundleBringsKeyAndTagAndThenTheTagMovesOnHere() throws IOException {
    owned("", "");
    var unused = importer.create(taking("taken"));
    assertRefused(
        () -> attest("taken", sgx(PROGRAM)), Reason.NOT_EXPORTED, "has not been sealed for");
    importer.importBundle(export("taken"));
    RootTag next = RootTag.parse("8d".repeat(32));
    try (Configuration got = attest("taken", sgx(PROGRAM))) {
      Configuration.Mount mount = got.mounts().get(0);
      assertThat(new String(mount.key().orElseThrow().exportHex())).isEqualTo(KEY);
      assertThat(mount.store().orElseThrow().load("volume")).hasValue(new TagState(TAG, 0));
      assertThat(mount.store().orElseThrow().compareAndSet("volume", TAG, new TagState(next, 1)))
          .isTrue();
    }
    to.restart();
    try (Configuration got = attest("taken", sgx(PROGRAM))) {
      assertThat(got.mounts().get(0).store().orElseThrow().load("volume"))
          .hasValue(new TagState(next, 1));
    }
  }

  @Test
  void itIsForTheNamedProgramsSessionAndServiceOnly() throws IOException {
    owned("", "");
    byte[] bundle = export("taken");
    importer.importBundle(bundle);
    var unused = importer.create(taking("taken"));
    var unusedToo = importer.create(taking("thief"));
    assertRefused(
        () -> attest("taken", sgx(OTHER_PROGRAM)),
        Reason.MEASUREMENT,
        "The volume data of another service");
    assertRefused(
        () -> attest("thief", sgx(PROGRAM)), Reason.NOT_EXPORTED, "has not been sealed for");
    assertRefused(() -> export("thief"), Reason.NOT_EXPORTED, "does not export its volume data");
    assertRefused(() -> owner.importBundle(bundle), Reason.REQUEST, "it is for another service");
    assertRefused(
        () ->
            from.client("thief")
                .export("owned", "data", "taken", List.of(OTHER_PROGRAM), to.cas().certificate()),
        Reason.ACCESS,
        "may not export from session owned");
  }

  /** The importing session accepts simulation, the exporting one does not. */
  @Test
  void theEvidenceThatItsOwnSessionDemandsIsDemandedThereToo() throws IOException {
    owned("", "");
    importer.importBundle(export("taken"));
    var unused = importer.create(taking("taken"));
    assertRefused(
        () -> attest("taken", new SimulationAttester(PROGRAM)),
        Reason.SIMULATED,
        "session owned demands hardware");
    attest("taken", sgx(PROGRAM)).close();
  }

  @Test
  void aSessionThatAcceptsSimulationSaysSoAcrossServices() throws IOException {
    owned("", "security: {attestation: {mode: simulation}}");
    importer.importBundle(export("taken"));
    var unused = importer.create(taking("taken"));
    attest("taken", new SimulationAttester(PROGRAM)).close();
  }

  @Test
  void itMayBeForOneVersionOfTheSessionOnly() throws IOException {
    Session wanted = taking("taken");
    owned(", session_hash: " + wanted.hash(), "");
    importer.importBundle(export("taken"));
    HashCode first = importer.create(wanted);
    attest("taken", sgx(PROGRAM)).close();
    Session other =
        Session.read(
            wanted
                .canonical()
                .replace("{\"images\"", "{\"predecessor\":\"" + first + "\",\"images\""));
    var unused = importer.update(other);
    assertRefused(
        () -> attest("taken", sgx(PROGRAM)),
        Reason.SESSION_HASH,
        "is for another version of session taken");
  }

  @Test
  void anOlderBundleDoesNotReplaceANewerOne() throws IOException {
    owned("", "");
    byte[] old = export("taken");
    from.pass(Duration.ofSeconds(1));
    importer.importBundle(export("taken"));
    assertRefused(() -> importer.importBundle(old), Reason.ROLLBACK, "not newer");
  }

  @Test
  void noBitOfABundleCanBeChanged() throws IOException {
    owned("", "");
    byte[] bundle = export("taken");
    for (int at = 0; at < bundle.length; at++) {
      byte[] changed = bundle.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> to.cas().importBundle(importer.identity(), changed))
          .as("byte %s", at)
          .isInstanceOf(RefusedException.class);
    }
    importer.importBundle(bundle);
  }
}
