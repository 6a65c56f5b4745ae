package io.fspf.cas.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.fspf.FreshnessException;
import io.fspf.RootTag;
import io.fspf.cas.client.CasClient;
import io.fspf.cas.client.Configuration;
import io.fspf.cas.decision.ConfigId;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.evidence.SimulationAttester;
import io.fspf.cas.session.Session;
import io.fspf.cas.wire.Message;
import io.fspf.cas.wire.Questions;
import io.fspf.cas.wire.ReportData;
import io.fspf.tag.TagState;
import io.fspf.tag.TagStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service keeps, and what it says of what it did. */
class CasTest {
  private static final HashCode PROGRAM = Hashing.sha256().hashString("program", UTF_8);
  private static final String SESSION =
      """
      name: own
      %s
      services:
        - name: app
          image_name: img
          mrenclaves: [%s]
          fspf_path: /usr/fspf.pb
          fspf_tag: %s
          fspf_update_policy: rollback_protected
      images:
        - name: img
          volumes: [{name: data, path: /data}, {name: drawn, path: /drawn}]
      volumes:
        - {name: data, fspf_key: %s, fspf_tag: %s}
        - {name: drawn}
      security: {attestation: {mode: simulation}}
      """;

  @TempDir private Path folder;
  private TestService service;
  private CasClient owner;

  @BeforeEach
  void begin() throws Exception {
    service = TestService.start(folder, false);
    owner = service.client("owner");
  }

  @AfterEach
  void end() throws IOException {
    service.close();
  }

  private static String hex(int digit) {
    return Integer.toString(digit).repeat(64);
  }

  private static RootTag tag(int digit) {
    return RootTag.parse(hex(digit));
  }

  private static Session session(String version, int rootTag, int key, int tag) throws IOException {
    return Session.read(SESSION.formatted(version, PROGRAM, hex(rootTag), hex(key), hex(tag)));
  }

  private HashCode create() throws IOException {
    return owner.create(session("digest: create", 1, 2, 3));
  }

  private Configuration attest() throws IOException {
    return service.program().attest("own/app", new SimulationAttester(PROGRAM));
  }

  private static Configuration.Mount mount(Configuration configuration, String path) {
    return configuration.mounts().stream()
        .filter(mount -> mount.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static TagStore tags(Configuration configuration, String path) {
    return mount(configuration, path).store().orElseThrow();
  }

  private static void assertRefused(ThrowingCallable how, Reason reason, String message) {
    assertThatThrownBy(how)
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(message)
        .returns(reason, e -> ((RefusedException) e).reason());
  }

  // ------------------------------------------------------------------------------------------
  // tags and updates

  @Test
  void aTagMovesOnFromTheExpectedOneOnly() throws IOException {
    var unused = create();
    try (Configuration got = attest()) {
      TagStore data = tags(got, "/data");
      assertThat(data.load("volume")).hasValue(new TagState(tag(3), 0));
      assertThat(data.compareAndSet("volume", tag(9), new TagState(tag(4), 1))).isFalse();
      assertThat(data.compareAndSet("volume", null, new TagState(tag(4), 1))).isFalse();
      assertThat(data.compareAndSet("volume", tag(3), new TagState(tag(4), 1))).isTrue();
      service.restart();
    }
    try (Configuration got = attest()) {
      assertThat(tags(got, "/data").load("volume")).hasValue(new TagState(tag(4), 1));
    }
  }

  @Test
  void anUpdateKeepsTheTagsThatItDoesNotSettle() throws IOException {
    HashCode first = create();
    try (Configuration got = attest()) {
      for (String path : List.of("/data", "/usr/fspf.pb")) {
        RootTag before = tags(got, path).load("volume").orElseThrow().tag();
        assertThat(tags(got, path).compareAndSet("volume", before, new TagState(tag(7), 5)))
            .isTrue();
      }
    }
    HashCode second = owner.update(session("predecessor: " + first, 1, 2, 3));
    try (Configuration got = attest()) {
      assertThat(tags(got, "/data").load("volume")).hasValue(new TagState(tag(7), 5));
      assertThat(tags(got, "/usr/fspf.pb").load("volume")).hasValue(new TagState(tag(7), 5));
    }
    var unused = owner.update(session("predecessor: " + second, 4, 2, 5));
    try (Configuration got = attest()) {
      assertThat(tags(got, "/data").load("volume")).hasValue(new TagState(tag(5), 0));
      assertThat(tags(got, "/usr/fspf.pb").load("volume")).hasValue(new TagState(tag(4), 0));
    }
  }

  @Test
  void anUpdateEndsGrants() throws IOException {
    HashCode first = create();
    try (Configuration got = attest()) {
      var unused = owner.update(session("predecessor: " + first, 1, 2, 3));
      assertRefused(
          () -> tags(got, "/data").load("volume"),
          Reason.GRANT,
          "Session own was changed since the keys were released: attest anew");
    }
  }

  @Test
  void aGrantEndsWithItsTime() throws IOException {
    var unused = create();
    try (Configuration got = attest()) {
      service.pass(Duration.ofDays(31));
      assertRefused(
          () -> tags(got, "/data").load("volume"), Reason.GRANT, "There is no such grant");
    }
  }

  @Test
  void aGrantIsForItsHolderAndItsVolumes() throws Exception {
    var unused = create();
    try (Configuration got = attest()) {
      assertThat(tags(got, "/data").load("volume")).isPresent();
    }
    String asked =
        service.bodies().stream()
            .map(body -> new String(body, UTF_8))
            .filter(body -> body.contains("\"grant\""))
            .findFirst()
            .orElseThrow();
    Door spy = service.door("spy");
    Message question = Message.read(asked.getBytes(UTF_8));
    assertThat(spy.ask(Questions.LOAD_TAG, question).maybe("tag")).hasValue(hex(3));
    // Whoever could listen could ask the same again, and nothing else.
    for (Message other :
        List.of(
            Message.read(asked.getBytes(UTF_8)).with("number", question.number("number") + 1),
            Message.read(asked.getBytes(UTF_8)).with("mac", new byte[32]),
            Message.read(asked.getBytes(UTF_8)).with("grant", hex(0)))) {
      assertThatThrownBy(() -> spy.ask(Questions.LOAD_TAG, other))
          .hasMessageContaining("403: There is no such grant");
    }
    Message change = question.with("expected", hex(3)).with("tag", hex(4)).with("generation", 1);
    assertThatThrownBy(() -> spy.ask(Questions.ADVANCE_TAG, change))
        .hasMessageContaining("403: There is no such grant");
  }

  // ------------------------------------------------------------------------------------------
  // drawn keys

  @Test
  void aKeyIsDrawnOnceAndNeverShown() throws IOException {
    var unused = create();
    char[] first;
    try (Configuration got = attest()) {
      first = mount(got, "/drawn").key().orElseThrow().exportHex();
      assertThat(tags(got, "/drawn").load("volume")).isEmpty();
      assertThat(tags(got, "/drawn").compareAndSet("volume", null, new TagState(tag(8), 1)))
          .isTrue();
    }
    service.restart();
    owner = service.client("owner");
    try (Configuration got = attest()) {
      assertThat(mount(got, "/drawn").key().orElseThrow().exportHex()).isEqualTo(first);
      // It is made once: with another beginning, the host would start it all over.
      assertThat(tags(got, "/drawn").compareAndSet("volume", null, new TagState(tag(9), 1)))
          .isFalse();
    }
    assertThat(owner.read("own").document()).doesNotContain(new String(first), hex(2));
    assertThat(owner.read("own").tags()).containsEntry("drawn", tag(8));
  }

  @Test
  void aPublicKeyThatIsNoneDrawsAndGrantsNothing() throws Exception {
    var unused = create();
    ConfigId configId = ConfigId.parse("own/app");
    byte[] lowOrder = new byte[32];
    byte[] nonce = service.cas().challenge(configId);
    byte[] evidence =
        new SimulationAttester(PROGRAM).attest(ReportData.of(nonce, lowOrder, configId).asBytes());
    assertRefused(
        () -> service.cas().attest(configId, nonce, lowOrder, "simulation", evidence),
        Reason.REQUEST,
        "The public key is none");
    attest().close();
  }

  @Test
  void aReceiptSaysThatTheProofWasNone() throws IOException {
    var unused = create();
    try (Configuration got = attest()) {
      assertThat(got.simulated()).isTrue();
      assertThat(got.receipt()).contains("\"simulated\":true", "\"platform\":\"simulation\"");
    }
  }

  // ------------------------------------------------------------------------------------------
  // the door

  @Test
  void questionsThatAreNoneAreRefused() throws Exception {
    Door door = service.door("spy");
    for (String path :
        List.of(
            Questions.CREATE,
            Questions.UPDATE,
            Questions.READ,
            Questions.CHALLENGE,
            Questions.ATTEST,
            Questions.LOAD_TAG,
            Questions.ADVANCE_TAG,
            Questions.EXPORT,
            Questions.IMPORT)) {
      for (String body : List.of("", "[]", "{", "{}", "{\"session\":1}", "[".repeat(100_000))) {
        var answer = door.post(path, body.getBytes(UTF_8));
        assertThat(answer.statusCode()).as(path + " " + body).isEqualTo(400);
      }
    }
    assertThat(door.post(Questions.READ, new byte[(4 << 20) + 1]).statusCode()).isEqualTo(400);
    assertThat(door.post("/v1/nothing", new byte[0]).statusCode()).isEqualTo(404);
    // It is well all the same.
    var unused = create();
  }

  @Test
  void aSessionWithAPredecessorReplacesOne() throws IOException {
    assertRefused(
        () -> owner.create(session("predecessor: " + hex(1), 1, 2, 3)),
        Reason.PREDECESSOR,
        "Session own names a predecessor, and there is none");
  }

  @Test
  void onlyTheOwnersAdvanceTagsByHand() throws Exception {
    var unused = create();
    Message question =
        Message.empty()
            .with("session", "own")
            .with("volume", "data")
            .with("expected", hex(3))
            .with("tag", hex(4))
            .with("generation", 1);
    assertThatThrownBy(() -> service.door("spy").ask(Questions.ADVANCE_TAG, question))
        .hasMessageContaining("403: The holder of key");
    assertThat(service.door("owner").ask(Questions.ADVANCE_TAG, question).flag("stored")).isTrue();
    assertThat(service.door("owner").ask(Questions.ADVANCE_TAG, question).flag("stored")).isFalse();
    assertThat(owner.read("own").tags()).containsEntry("data", tag(4));
  }

  // ------------------------------------------------------------------------------------------
  // state and audit log

  @Test
  void anOldStateIsRefused() throws IOException {
    Path state = TestService.home(folder);
    Path old = folder.resolve("old");
    service.close();
    Blender.replace(state, old);
    service.restart();
    owner = service.client("owner");
    var unused = create();
    service.close();
    Blender.replace(old, state);
    assertThatThrownBy(() -> service.restart()).isInstanceOf(FreshnessException.class);
  }

  private Path auditLog() {
    return TestService.home(folder).resolve(Cas.AUDIT_FILE);
  }

  @Test
  void everythingStandsInTheAuditLogAlsoWhatWasRefused() throws Exception {
    var unused = create();
    attest().close();
    assertThatThrownBy(() -> service.client("spy").read("own")).isInstanceOf(IOException.class);
    List<String> lines = Files.readAllLines(auditLog(), UTF_8);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("\"create session\"", owner.identity().toString());
    assertThat(lines.get(1)).contains("\"release\"", PROGRAM.toString(), "\"simulated\":true");
    assertThat(lines.get(2)).contains("\"refused read session\"", "\"ACCESS\"");
    assertThat(Message.read(lines.get(2).getBytes(UTF_8)).text("previous"))
        .isEqualTo(Hashing.sha256().hashString(lines.get(1) + "\n", UTF_8).toString());
  }

  @Test
  void anAuditLogThatWasChangedIsNoticed() throws IOException {
    HashCode first = create();
    var unused = owner.update(session("predecessor: " + first, 1, 2, 3));
    attest().close();
    service.close();
    byte[] log = Files.readAllBytes(auditLog());
    List<String> lines = Splitter.on('\n').splitToList(new String(log, UTF_8));
    List<String> changes =
        List.of(
            "",
            lines.get(0) + "\n",
            new String(log, UTF_8).replace("update session", "update sessiom"),
            lines.get(1) + "\n" + lines.get(0) + "\n" + lines.get(2) + "\n",
            new String(log, UTF_8) + lines.get(2) + "\n",
            new String(log, UTF_8) + "\n",
            "not a line\n" + new String(log, UTF_8).substring(11));
    for (String changed : changes) {
      Files.writeString(auditLog(), changed);
      assertThatThrownBy(() -> service.restart())
          .as(changed)
          .hasMessageContaining("is not the one that the service wrote");
    }
    Files.write(auditLog(), log);
    service.restart();
  }

  /** The last line is in the state too. */
  @Test
  void aLineThatACrashCutIsCompleted() throws IOException {
    var unused = create();
    attest().close();
    service.close();
    byte[] log = Files.readAllBytes(auditLog());
    int first = new String(log, UTF_8).indexOf('\n') + 1;
    for (int length : new int[] {first, first + 1, log.length - 1}) {
      Files.write(auditLog(), Arrays.copyOf(log, length));
      service.restart();
      assertThat(auditLog()).hasBinaryContent(log);
      service.close();
      // As a file system leaves it that made the file longer before it wrote the data.
      Files.write(auditLog(), Arrays.copyOf(Arrays.copyOf(log, length), log.length));
      service.restart();
      assertThat(auditLog()).hasBinaryContent(log);
      service.close();
    }
    service.restart();
  }
}
