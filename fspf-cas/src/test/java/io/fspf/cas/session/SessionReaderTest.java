package io.fspf.cas.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.HashCode;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.cas.evidence.Platform;
import io.fspf.cas.session.AttestationPolicy.Tolerance;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionReaderTest {
  /** All digits: as a number it would be another text, or none. */
  private static final String DIGITS = "1234567890".repeat(6) + "1234";

  private static final String OCTAL = "0".repeat(63) + "7";
  private static final String FLOAT = "1e" + "0".repeat(62);

  private static Session seedCreator() throws IOException {
    return SeedDocuments.read(
        SeedDocuments.creator(), Map.of("MRENCLAVE", DIGITS, "FSPF_KEY", OCTAL, "FSPF_TAG", FLOAT));
  }

  @Test
  void theCreatorsSeedDocumentLoadsVerbatim() throws IOException {
    Session session = seedCreator();
    assertThat(session.name()).isEqualTo("scone:blender");
    Service service = session.service("blender").orElseThrow();
    assertThat(service.measurements().orElseThrow()).containsExactly(HashCode.fromString(DIGITS));
    assertThat(service.tags()).containsExactly("demo");
    assertThat(service.command()).hasValue("blender -b -P /encryptedInputs/application.py");
    assertThat(service.workingDirectory()).hasValue("/");
    assertThat(service.environment().orElseThrow())
        .containsExactly(
            Map.entry("SCONE_NO_MMAP_ACCESS", "1"), Map.entry("SCONE_ALLOW_DLOPEN", "1"));
    RootFileSystem root = service.root().orElseThrow();
    assertThat(root.path()).isEqualTo("/usr/fspf.pb");
    assertThat(root.key()).hasValue(VolumeKey.parse(OCTAL));
    assertThat(root.tag()).hasValue(RootTag.parse(FLOAT));
    Image image = session.images().get(0);
    assertThat(image.volumes())
        .extracting(Image.Mount::volume, Image.Mount::path)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("encrypted-input-files", "/encryptedInputs"),
            org.assertj.core.groups.Tuple.tuple("encrypted-output-files", "/encryptedOutputs"));
    assertThat(session.exports()).hasSize(2);
    assertThat(session.warnings())
        .containsExactly(
            "the service blender is exported to every session",
            "the image registry.scontain.com/sconecuratedimages/iexecsgx:blender_python is exported"
                + " to every session");
    assertThat(session.access().read()).isEqualTo(AccessPolicy.Admitted.CREATOR);
    assertThat(session.attestation()).isEqualTo(AttestationPolicy.STRICT);
  }

  @Test
  void theUsersSeedTemplateLoadsVerbatim() throws IOException {
    Session session =
        SeedDocuments.read(
            SeedDocuments.user(),
            Map.of(
                "SESSION", "user-1",
                "INPUT_FSPF_TAG", DIGITS,
                "INPUT_FSPF_KEY", OCTAL,
                "OUTPUT_FSPF_TAG", FLOAT,
                "OUTPUT_FSPF_KEY", DIGITS));
    assertThat(session.name()).isEqualTo("user-1");
    assertThat(session.service("blender").orElseThrow().imported().orElseThrow().session())
        .isEqualTo("scone:blender");
    assertThat(session.volume("encrypted-input-files").orElseThrow().tag())
        .hasValue(RootTag.parse(DIGITS));
    assertThat(session.volume("encrypted-output-files").orElseThrow().policy())
        .isEqualTo(TagPolicy.ROLLBACK_PROTECTED);
    assertThat(session.warnings())
        .containsExactly(
            "the service blender is whatever session scone:blender makes of it later: session_hash"
                + " pins it",
            "the image registry.scontain.com/sconecuratedimages/iexecsgx:blender_python is whatever"
                + " session scone:blender makes of it later: session_hash pins it");
  }

  @Test
  void aVariableWithoutAValueIsAnErrorInItsLine() {
    assertThatThrownBy(() -> SeedDocuments.read(SeedDocuments.user(), Map.of("SESSION", "x")))
        .isInstanceOf(SessionException.class)
        .hasMessage("line 13: the variable INPUT_FSPF_TAG has no value");
  }

  @Test
  void aValueCannotAddToTheDocument() throws IOException {
    Session session =
        SeedDocuments.read(
            "name: x\nservices: [{name: s, mrenclaves: [], command: '$A ${A} $$A'}]\n",
            Map.of("A", "a\nname: y # $B"));
    assertThat(session.service("s").orElseThrow().command())
        .hasValue("a\nname: y # $B a\nname: y # $B $A");
    assertThat(session.name()).isEqualTo("x");
  }

  private static final String FULL =
      """
      name: user/full
      version: "0.3"
      predecessor: %1$s
      services:
        - name: app
          image_name: img
          mrenclaves: [%1$s, %1$s%2$s]
          command: app.jar --fast
          pwd: /work
          fspf_path: /app/fspf.pb
          fspf_tag: %1$s
          fspf_update_policy: no_rollback_protection
          environment: {A: "no", B: 0x10}
        - name: other
          import: {session: creators/base, session_hash: %1$s, service: app}
      volumes:
        - name: made
          update_policy: rollback_protected_reinitializable
          files:
            - {path: /config, content: "x = 1"}
          export:
            - {session: friend, session_hash: %1$s}
            - stranger
            - {session: far, cas: %1$s}
        - name: taken
          import: {session: friend, volume: theirs}
      images:
        - name: img
          volumes:
            - {name: made, path: /data, update_policy: ephemeral}
      access_policy:
        read: [CREATOR, %1$s]
        update: [NONE]
      security:
        attestation:
          mode: simulation
          platforms: [sgx]
          tolerate: [debug-mode, outdated-tcb]
          ignore_advisories: ["INTEL-SA-00615"]
      """
          .formatted(DIGITS, DIGITS.substring(32));

  @Test
  void theKeysOfVersion03AreKnown() throws SessionException {
    Session session = Session.read(FULL);
    assertThat(session.predecessor()).hasValue(HashCode.fromString(DIGITS));
    Service app = session.service("app").orElseThrow();
    assertThat(app.environment().orElseThrow())
        .containsExactly(Map.entry("A", "no"), Map.entry("B", "0x10"));
    assertThat(app.root().orElseThrow().policy()).hasValue(TagPolicy.NO_ROLLBACK_PROTECTION);
    assertThat(app.measurements().orElseThrow())
        .extracting(HashCode::bits)
        .containsExactly(256, 384);
    assertThat(session.service("other").orElseThrow().imported().orElseThrow().item())
        .hasValue("app");
    SessionVolume made = session.volume("made").orElseThrow();
    assertThat(made.isInitialised()).isTrue();
    assertThat(made.files()).containsExactly(Map.entry("/config", "x = 1"));
    assertThat(made.exports())
        .extracting(ExportTarget::session)
        .containsExactly("friend", "stranger", "far");
    assertThat(session.image("img").orElseThrow().volumes().get(0).policy())
        .hasValue(TagPolicy.EPHEMERAL);
    assertThat(session.access().read().keys()).containsExactly(HashCode.fromString(DIGITS));
    assertThat(session.access().update().creator()).isFalse();
    assertThat(session.attestation().simulation()).isTrue();
    assertThat(session.attestation().platforms()).containsExactly(Platform.SGX);
    assertThat(session.attestation().tolerated())
        .containsExactly(Tolerance.DEBUG_MODE, Tolerance.OUTDATED_TCB);
    assertThat(session.warnings()).hasSize(2);
  }

  @Test
  void theHashIsThatOfTheMeaning() throws SessionException {
    Session session = Session.read(FULL);
    assertThat(Session.read("# a comment\n" + FULL.replace("[CREATOR, ", "[ 'CREATOR',  ")).hash())
        .isEqualTo(session.hash());
    assertThat(Session.read(FULL.replace("--fast", "--slow")).hash()).isNotEqualTo(session.hash());
    assertThat(Session.readCanonical(session.canonical()).hash()).isEqualTo(session.hash());
    assertThatThrownBy(() -> Session.readCanonical(FULL)).isInstanceOf(SessionException.class);
    // Fixed, since other sessions pin it.
    assertThat(Session.read("name: x\n").hash())
        .hasToString(
            com.google.common.hash.Hashing.sha256()
                .hashString(
                    "fspf session v1\n{\"name\":\"x\"}", java.nio.charset.StandardCharsets.UTF_8)
                .toString());
  }

  @Test
  void secretsAreNotShown() throws IOException {
    Session session = seedCreator();
    assertThat(session.redacted())
        .doesNotContain(OCTAL)
        .contains("\"fspf_key\":\"(held)\"", DIGITS, FLOAT);
    assertThat(session.toString() + session.services() + session.services().get(0).root())
        .doesNotContain(OCTAL);
    assertThat(Session.read(FULL).redacted()).doesNotContain("x = 1").doesNotContain("0x10");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name: x^colour: red | line 2: unknown key 'colour' in the session",
        "name: x^services:^- name: s^  mrenclave: [] | line 4: unknown key 'mrenclave' in services[0]",
        "name: x^volumes:^- name: a^- name: b^  fspf_keys: 1 | line 5: unknown key 'fspf_keys' in volumes[1]",
        "name: x^images:^- name: i^  volumes:^  - {name: v, path: /v, mode: rw} | line 5: unknown key 'mode' in images[0].volumes[0]",
        "name: x^security: {attestation: {mode: none}} | line 2: 'mode' of security.attestation: is one of hardware, simulation",
        "name: x^security: {mode: hardware} | line 2: unknown key 'mode' in security",
        "name: x^name: y | line 2: 'name' stands here twice",
        "version: '0.3' | line 1: the session has no 'name'",
        "name: x^version: 7 | line 2: 'version': is one of 0.1, 0.2, 0.3, 0.3.11",
        "name: 'x y' | line 1: 'name': a name has 1 to 200 of A-Z a-z 0-9 : . _ @ / + -, first a letter or a digit",
        "name: x^volumes:^- name: v^  fspf_key: abc | line 4: 'fspf_key' of volumes[0]: A volume key has 64 hex digits, not 3 characters",
        "name: x^services:^- name: s^  fspf_path: usr | line 4: 'fspf_path' of services[0]: a path is absolute, without . and ..",
        "name: x^services:^- name: s^  fspf_path: /a/../b | line 4: 'fspf_path' of services[0]: a path is absolute, without . and ..",
        "name: x^services:^- name: s^  fspf_path: /a/f | line 3: services[0] has an fspf_path but no fspf_tag: its file system could be any",
        "name: x^volumes:^- &a {name: v}^- *a | line 3: anchors are not allowed",
        "name: !!str x | line 1: tags are not allowed",
        "name: x^---^name: y | line 2: a second document",
        "[] | line 1: the session is to be a mapping",
        "name: x^services: {} | line 2: 'services' is to be a list",
        "name: x^pwd: [ | line 2: not YAML: expected the node content, but found '<stream end>'",
        "name: x^volumes:^- name: v^- name: v | line 1: the session has two volumes named v",
        "name: x^volumes: [{name: v, import: y, export: '*'}] | line 2: volumes[0] is imported: its key, tag and export are its own session's",
        "name: x^access_policy: {read: [NONE, ANY]} | line 2: access_policy says NONE and others in 'read'",
        "name: x^predecessor: 12 | line 2: 'predecessor': a hash has 64 hex digits",
        "name: | line 1: 'name' has no value",
      })
  void whatIsWrongIsSaidWithItsLine(String document, String message) {
    assertThatThrownBy(() -> Session.read(document.replace('^', '\n')))
        .isInstanceOf(SessionException.class)
        .hasMessage(message);
  }

  @Test
  void aDeepDocumentIsRefused() {
    assertThatThrownBy(() -> Session.read("name: " + "[".repeat(100_000)))
        .isInstanceOf(SessionException.class)
        .hasMessageContaining("nested deeper");
  }
}
