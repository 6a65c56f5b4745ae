package io.fspf.cas.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.FreshnessException;
import io.fspf.IntegrityException;
import io.fspf.RootTag;
import io.fspf.VolumeKeyException;
import io.fspf.cas.decision.ConfigId;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.evidence.Attester;
import io.fspf.cas.evidence.SimulationAttester;
import io.fspf.cas.session.SeedDocuments;
import io.fspf.cas.session.Session;
import io.fspf.cas.wire.Hpke;
import io.fspf.cas.wire.Message;
import io.fspf.cas.wire.Questions;
import io.fspf.cas.wire.ReportData;
import io.fspf.seal.Sealer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What anybody in the story may try against the others; each attempt fails with its own message.
 */
class StoryAttacksTest {
  @TempDir private Path folder;
  private Blender blender;

  @BeforeEach
  void begin() throws Exception {
    blender = Blender.ready(folder);
  }

  @AfterEach
  void end() throws IOException {
    blender.close();
  }

  private static void assertRefused(ThrowingCallable how, Reason reason, String message) {
    assertThatThrownBy(how)
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(message)
        .returns(reason, e -> ((RefusedException) e).reason());
  }

  // ------------------------------------------------------------------------------------------
  // the host

  @Test
  void anotherProgram() {
    assertRefused(
        () -> blender.run("user", blender.program(Blender.OTHER_MEASUREMENT), "user"),
        Reason.MEASUREMENT,
        "is not for a program measured as " + Blender.OTHER_MEASUREMENT);
  }

  @Test
  void aChangedFileOfTheImage() throws IOException {
    Files.writeString(blender.host().resolve("usr/lib/blender.py"), "def render(spy): ...\n");
    try (Blender.Running program = blender.run("user")) {
      assertThatThrownBy(() -> program.read("/usr/lib/blender.py"))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("/lib/blender.py");
    }
  }

  /** By somebody who has the image's key, such as its creator without the session's knowledge. */
  @Test
  void anImageThatWasSealedAnew() throws IOException {
    Path usr = blender.host().resolve("usr");
    Files.writeString(usr.resolve("lib/blender.py"), "def render(spy): ...\n");
    var unused =
        Sealer.authenticate(usr).withKeys(blender.keyProvider("usr")).withForce(true).seal();
    assertThatThrownBy(() -> blender.run("user"))
        .isInstanceOf(FreshnessException.class)
        .hasMessageContaining("not in the expected state");
  }

  @Test
  void oldOutputsPutBack() throws IOException {
    Path outputs = blender.onHost("user", Blender.OUTPUTS);
    Path old = folder.resolve("old");
    Blender.replace(outputs, old);
    try (Blender.Running program = blender.run("user")) {
      program.render();
    }
    Blender.replace(old, outputs);
    try (Blender.Running program = blender.run("user")) {
      assertThatThrownBy(() -> Files.list(program.path("/encryptedOutputs")).close())
          .isInstanceOf(FreshnessException.class)
          .hasMessageContaining("not the state that the tag store remembers");
    }
  }

  @Test
  void oldInputsPutBack() throws IOException {
    Path inputs = blender.onHost("user", Blender.INPUTS);
    Path old = folder.resolve("old");
    Blender.replace(inputs, old);
    try (Blender.Running program = blender.run("user")) {
      Files.writeString(program.path("/encryptedInputs/application.py"), "import antigravity");
    }
    Blender.replace(old, inputs);
    try (Blender.Running program = blender.run("user")) {
      assertThatThrownBy(() -> program.read("/encryptedInputs/application.py"))
          .isInstanceOf(FreshnessException.class);
    }
  }

  @Test
  void anotherUsersVolumeInThePlaceOfTheUsers() throws IOException {
    blender.deriveSession("other");
    try (Blender.Running program =
        blender.run("user", blender.program(Blender.MEASUREMENT), "other")) {
      assertThatThrownBy(() -> program.read("/encryptedInputs/application.py"))
          .isInstanceOf(VolumeKeyException.class);
    }
  }

  // ------------------------------------------------------------------------------------------
  // the other user

  @Test
  void anotherUserWhoImportsTheUsersVolume() throws IOException {
    blender.deriveSession(
        "other",
        document ->
            document.replaceFirst(
                "     fspf_tag: \\$INPUT_FSPF_TAG\n     fspf_key: \\$INPUT_FSPF_KEY\n",
                "     import: user\n"));
    assertRefused(
        () -> blender.run("other", blender.program(Blender.MEASUREMENT), "user"),
        Reason.NOT_EXPORTED,
        "Session user does not export its volume encrypted-input-files to session other");
  }

  @Test
  void anotherUserWhoReadsOrReplacesTheSession() throws IOException {
    assertRefused(
        () -> blender.service.client("other").read("user"), Reason.ACCESS, "may not read session");
    assertRefused(
        () -> blender.service.client("other").update(usersSession(UnaryOperator.identity())),
        Reason.ACCESS,
        "may not update session user");
    assertRefused(
        () -> blender.service.client("other").create(usersSession(UnaryOperator.identity())),
        Reason.EXISTS,
        "There is a session user already");
  }

  private Session usersSession(UnaryOperator<String> edit) throws IOException {
    RootTag tag = RootTag.parse("0".repeat(64));
    return blender.session("user", edit, tag, tag);
  }

  // ------------------------------------------------------------------------------------------
  // the creator

  @Test
  void theCreatorAskingForTheUsersKeys() throws IOException {
    assertRefused(() -> blender.creator.read("user"), Reason.ACCESS, "may not read session user");
    // With a session of the creator's own that takes the user's volume in.
    var unused =
        blender.creator.create(
            SeedDocuments.read(
                """
                name: creator/spy
                services:
                  - {name: spy, image_name: spy, mrenclaves: [%s]}
                images:
                  - name: spy
                    volumes: [{name: taken, path: /taken}]
                volumes:
                  - {name: taken, import: {session: user, volume: %s}}
                """
                    .formatted(Blender.OTHER_MEASUREMENT, Blender.INPUTS),
                Map.of()));
    assertRefused(
        () ->
            blender
                .service
                .program()
                .attest("creator/spy/spy", blender.program(Blender.OTHER_MEASUREMENT)),
        Reason.NOT_EXPORTED,
        "Session user does not export its volume");
    // With the right program, started for the creator.
    assertRefused(
        () ->
            blender
                .service
                .program()
                .attest("scone:blender/blender", blender.program(Blender.MEASUREMENT)),
        Reason.VOLUME,
        "Session scone:blender does not define the volume encrypted-input-files");
  }

  /** Who pins what is imported is told of a change before it can do harm. */
  @Test
  void theCreatorWhoMakesAnotherProgramTheRightOne() throws IOException {
    String hash = blender.creator.read("scone:blender").hash().toString();
    String pin = "     import: {session: \"scone:blender\", session_hash: " + hash + "}";
    blender.deriveSession(
        "careful", document -> document.replace("     import: scone:blender", pin));
    blender.run("careful").close();
    RootTag usr = Blender.tagOf(blender.host().resolve("usr"), blender.key("usr"));
    var unused =
        blender.creator.update(
            blender.image(
                document ->
                    document
                        .replace("digest: create", "predecessor: " + hash)
                        .replace("[$MRENCLAVE]", "[" + Blender.OTHER_MEASUREMENT + "]"),
                usr));
    assertRefused(
        () -> blender.run("careful", blender.program(Blender.OTHER_MEASUREMENT), "careful"),
        Reason.SESSION_HASH,
        "Session scone:blender is not the version that session careful imports from");
  }

  // ------------------------------------------------------------------------------------------
  // the user

  @Test
  void theUserWhoChangesTheCommand() throws IOException {
    blender.deriveSession("spy", document -> document.replace("application.py", "spy.py"));
    assertRefused(
        () -> blender.run("spy"),
        Reason.CHANGED_SERVICE,
        "Session spy changes the command of service blender, which session scone:blender fixes");
  }

  @Test
  void theUserWhoAsksForTheImagesKey() {
    assertRefused(
        () -> blender.service.client("user").read("scone:blender"),
        Reason.ACCESS,
        "may not read session scone:blender");
  }

  // ------------------------------------------------------------------------------------------
  // whoever stands between

  @Test
  void replayedEvidence() throws Exception {
    int before = blender.service.bodies().size();
    blender.run("user").close();
    byte[] question =
        blender.service.bodies().stream()
            .skip(before)
            .filter(body -> new String(body, UTF_8).contains("\"evidence\""))
            .findFirst()
            .orElseThrow();
    HttpResponse<byte[]> again = blender.service.door("spy").post(Questions.ATTEST, question);
    assertThat(again.statusCode()).isEqualTo(403);
    assertThat(Message.read(again.body()).text("message"))
        .isEqualTo("The evidence answers no open challenge: it was used before, or took too long");
  }

  /** The evidence is genuine and answers the challenge, but the key is the attacker's. */
  @Test
  void relayedEvidence() throws Exception {
    ConfigId configId = ConfigId.parse("user/blender");
    Door spy = blender.service.door("spy");
    byte[] nonce =
        spy.ask(Questions.CHALLENGE, Message.empty().with("configId", configId.toString()))
            .bytes("nonce");
    Hpke.KeyPair programs = Hpke.KeyPair.generate();
    byte[] evidence =
        blender
            .program(Blender.MEASUREMENT)
            .attest(ReportData.of(nonce, programs.publicKey(), configId).asBytes());
    Hpke.KeyPair spys = Hpke.KeyPair.generate();
    Message question =
        Message.empty()
            .with("configId", configId.toString())
            .with("nonce", nonce)
            .with("publicKey", spys.publicKey())
            .with("format", "sgx-dcap-v3")
            .with("evidence", evidence);
    assertThatThrownBy(() -> spy.ask(Questions.ATTEST, question))
        .hasMessageContaining(
            "403: The evidence was made for another key, challenge or service: it is relayed");
  }

  /** With the program's own key the answer comes, and only the program can open it. */
  @Test
  void evidenceThatIsRelayedWithTheKeyIsOfNoUse() throws Exception {
    ConfigId configId = ConfigId.parse("user/blender");
    Door spy = blender.service.door("spy");
    byte[] nonce =
        spy.ask(Questions.CHALLENGE, Message.empty().with("configId", configId.toString()))
            .bytes("nonce");
    Hpke.KeyPair programs = Hpke.KeyPair.generate();
    byte[] evidence =
        blender
            .program(Blender.MEASUREMENT)
            .attest(ReportData.of(nonce, programs.publicKey(), configId).asBytes());
    byte[] sealed =
        spy.ask(
                Questions.ATTEST,
                Message.empty()
                    .with("configId", configId.toString())
                    .with("nonce", nonce)
                    .with("publicKey", programs.publicKey())
                    .with("format", "sgx-dcap-v3")
                    .with("evidence", evidence))
            .bytes("sealed");
    assertThatThrownBy(
            () -> Hpke.open(Hpke.KeyPair.generate(), Hpke.Purpose.RELEASE, nonce, sealed))
        .hasMessage("Sealed to another key, or changed");
    assertThat(Hpke.open(programs, Hpke.Purpose.RELEASE, nonce, sealed)).isNotEmpty();
  }

  @Test
  void aChallengeOfAnotherService() throws Exception {
    blender.deriveSession("other");
    Door spy = blender.service.door("spy");
    byte[] nonce =
        spy.ask(Questions.CHALLENGE, Message.empty().with("configId", "other/blender"))
            .bytes("nonce");
    Hpke.KeyPair keys = Hpke.KeyPair.generate();
    ConfigId wanted = ConfigId.parse("user/blender");
    Message question =
        Message.empty()
            .with("configId", wanted.toString())
            .with("nonce", nonce)
            .with("publicKey", keys.publicKey())
            .with("format", "sgx-dcap-v3")
            .with(
                "evidence",
                blender
                    .program(Blender.MEASUREMENT)
                    .attest(ReportData.of(nonce, keys.publicKey(), wanted).asBytes()));
    assertThatThrownBy(() -> spy.ask(Questions.ATTEST, question))
        .hasMessageContaining("403: The challenge was for another service than user/blender");
  }

  @Test
  void simulatedEvidenceInHardwareMode() throws IOException {
    Attester simulated = new SimulationAttester(Blender.MEASUREMENT);
    blender.deriveSession(
        "easy", document -> document + "security: {attestation: {mode: simulation}}\n");
    for (String session : new String[] {"user", "easy"}) {
      assertRefused(
          () -> blender.run(session, simulated, "user"),
          Reason.SIMULATED,
          "The evidence is simulated, and this service runs in hardware mode");
    }
  }
}
