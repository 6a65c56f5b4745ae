package io.fspf.cas.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import io.fspf.VolumeKey;
import io.fspf.cas.evidence.Platform;
import io.fspf.cas.evidence.TcbStatus;
import io.fspf.cas.evidence.VerifiedEvidence;
import io.fspf.cas.session.AttestationPolicy;
import io.fspf.cas.session.SeedDocuments;
import io.fspf.cas.session.Session;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of decisions: who does what in which state, and what comes of it. The state to begin
 * with is that of the field's own documents: the image creator's session and a user's, and beside
 * them another user's.
 */
class DecisionTableTest {
  private static final String PROGRAM = "a1".repeat(32);
  private static final String OTHER_PROGRAM = "b2".repeat(32);
  private static final HashCode OTHER_CAS = HashCode.fromString("c3".repeat(32));

  /** The image creator's key, the user's, another user's. */
  private static final Identity CREATOR = identity(1);

  private static final Identity USER = identity(2);
  private static final Identity OTHER = identity(3);

  private static Identity identity(int number) {
    return new Identity(HashCode.fromString(String.format("%064x", number)));
  }

  private static String key(int number) {
    return String.format("%064x", 0xf00 + number);
  }

  /** The sessions, some of them edited. */
  private static final class State implements SessionSource {
    private final Map<String, StoredSession> sessions = new HashMap<>();
    private final Map<String, UnaryOperator<String>> edits = new HashMap<>();
    private Optional<ImportedVolume> bundle = Optional.empty();
    private UnaryOperator<VerifiedEvidence> evidence = e -> e;

    State with(String session, UnaryOperator<String> edit) {
      edits.merge(session, edit, (one, two) -> document -> two.apply(one.apply(document)));
      return this;
    }

    State evidence(UnaryOperator<VerifiedEvidence> edit) {
      evidence = edit;
      return this;
    }

    State bundle(String measurement) {
      bundle =
          Optional.of(
              new ImportedVolume(
                  VolumeKey.parse(key(9)),
                  Optional.empty(),
                  TagPolicy.ROLLBACK_PROTECTED,
                  ImmutableSet.of(HashCode.fromString(measurement)),
                  AttestationPolicy.STRICT,
                  Optional.empty()));
      return this;
    }

    private void put(String name, String document, Map<String, String> variables, Identity creator)
        throws IOException {
      String edited = edits.getOrDefault(name, UnaryOperator.identity()).apply(document);
      Session session = SeedDocuments.read(edited, variables);
      sessions.put(session.name(), new StoredSession(session, creator));
    }

    State load() throws IOException {
      put(
          "creator",
          SeedDocuments.creator(),
          Map.of("MRENCLAVE", PROGRAM, "FSPF_KEY", key(0), "FSPF_TAG", key(100)),
          CREATOR);
      put("user", SeedDocuments.user(), variables("user", 1), USER);
      put("other", SeedDocuments.user(), variables("other", 3), OTHER);
      return this;
    }

    private static Map<String, String> variables(String session, int number) {
      return Map.of(
          "SESSION", session,
          "INPUT_FSPF_KEY", key(number),
          "INPUT_FSPF_TAG", key(100 + number),
          "OUTPUT_FSPF_KEY", key(number + 1),
          "OUTPUT_FSPF_TAG", key(101 + number));
    }

    @Override
    public Optional<StoredSession> session(String name) {
      return Optional.ofNullable(sessions.get(name));
    }

    @Override
    public Optional<ImportedVolume> imported(
        HashCode cas, String session, String volume, String target) {
      return bundle.filter(
          b -> cas.equals(OTHER_CAS) && session.equals("far") && target.equals("user"));
    }

    VerifiedEvidence proof() {
      return evidence.apply(
          new VerifiedEvidence(
              Platform.SGX,
              HashCode.fromString(PROGRAM),
              HashCode.fromBytes(new byte[64]),
              false,
              TcbStatus.UP_TO_DATE,
              ImmutableSet.of()));
    }
  }

  /** Somebody's deed. */
  @FunctionalInterface
  private interface Action {
    void run(State state) throws IOException;
  }

  private static Action run(String configId) {
    return state -> {
      Release release = Decision.release(ConfigId.parse(configId), state.proof(), state);
      assertThat(release.configId()).hasToString(configId);
    };
  }

  private static Action read(String session, Identity who) {
    return state -> Access.checkRead(state.session(session).orElseThrow(), who);
  }

  private static Action advance(String session, Identity who) {
    return state -> Access.checkAdvance(state.session(session).orElseThrow(), who);
  }

  private static Action update(String session, Identity who, UnaryOperator<String> predecessor) {
    return state -> {
      StoredSession present = state.session(session).orElseThrow();
      String hash = predecessor.apply(present.session().hash().toString());
      Access.checkUpdate(present, Session.read("name: " + session + "\n" + hash), who);
    };
  }

  private static String right(String hash) {
    return "predecessor: " + hash;
  }

  private static UnaryOperator<String> replace(String from, String to) {
    return document -> {
      assertThat(document).contains(from);
      return document.replace(from, to);
    };
  }

  private static UnaryOperator<String> append(String lines) {
    return document -> document + lines + "\n";
  }

  private static UnaryOperator<VerifiedEvidence> on(Platform platform, boolean debug) {
    return e ->
        new VerifiedEvidence(
            platform, e.measurement(), e.reportData(), debug, e.tcbStatus(), e.advisories());
  }

  private static UnaryOperator<VerifiedEvidence> tcb(TcbStatus status, String... advisories) {
    return e ->
        new VerifiedEvidence(
            e.platform(),
            e.measurement(),
            e.reportData(),
            e.debug(),
            status,
            ImmutableSet.copyOf(advisories));
  }

  private static VerifiedEvidence otherProgram(VerifiedEvidence e) {
    return new VerifiedEvidence(
        e.platform(),
        HashCode.fromString(OTHER_PROGRAM),
        e.reportData(),
        e.debug(),
        e.tcbStatus(),
        e.advisories());
  }

  private static String attestation(String lines) {
    return "security: {attestation: {" + lines + "}}";
  }

  private static Arguments row(
      String role, String action, String state, State given, Action deed, String outcome) {
    return arguments(role, action, state, given, deed, outcome);
  }

  private static State given() {
    return new State();
  }

  private static final String GIVEN = "as documented";
  private static final Action RUN = run("user/blender");
  private static final String OUTPUT_KEY = "     fspf_key: $OUTPUT_FSPF_KEY\n";
  private static final String OUTPUT_TAG = "     fspf_tag: $OUTPUT_FSPF_TAG\n";

  private static UnaryOperator<String> volume(String lines) {
    return document -> replace(OUTPUT_KEY, lines).apply(replace(OUTPUT_TAG, "").apply(document));
  }

  static Stream<Arguments> table() {
    return Stream.concat(Stream.concat(people(), programs()), Stream.concat(imports(), proofs()));
  }

  private static Stream<Arguments> people() {
    var readers = "access_policy: {read: [" + OTHER + "], update: [NONE]}";
    return Stream.of(
        row("user", "reads own session", GIVEN, given(), read("user", USER), "done"),
        row("creator", "reads user's session", GIVEN, given(), read("user", CREATOR), "ACCESS"),
        row("other user", "reads user's session", GIVEN, given(), read("user", OTHER), "ACCESS"),
        row(
            "user",
            "reads creator's session",
            GIVEN,
            given(),
            read("scone:blender", USER),
            "ACCESS"),
        row(
            "other user",
            "reads user's session",
            "user admits the other's key",
            given().with("user", append(readers)),
            read("user", OTHER),
            "done"),
        row(
            "user",
            "reads own session",
            "only the other's key is admitted",
            given().with("user", append(readers)),
            read("user", USER),
            "ACCESS"),
        row(
            "other user",
            "reads user's session",
            "ANY may read",
            given().with("user", append("access_policy: {read: [ANY]}")),
            read("user", OTHER),
            "done"),
        row(
            "user",
            "updates own session",
            GIVEN,
            given(),
            update("user", USER, DecisionTableTest::right),
            "done"),
        row(
            "user",
            "updates own session",
            "names an older version",
            given(),
            update("user", USER, hash -> "predecessor: " + "0".repeat(64)),
            "PREDECESSOR"),
        row(
            "user",
            "updates own session",
            "names no version",
            given(),
            update("user", USER, hash -> "digest: create"),
            "PREDECESSOR"),
        row(
            "creator",
            "updates user's session",
            GIVEN,
            given(),
            update("user", CREATOR, DecisionTableTest::right),
            "ACCESS"),
        row(
            "user",
            "updates creator's session",
            GIVEN,
            given(),
            update("scone:blender", USER, DecisionTableTest::right),
            "ACCESS"),
        row(
            "user",
            "updates own session",
            "NONE may update",
            given().with("user", append("access_policy: {update: [NONE]}")),
            update("user", USER, DecisionTableTest::right),
            "ACCESS"),
        row("user", "advances own tags", GIVEN, given(), advance("user", USER), "done"),
        row("creator", "advances user's tags", GIVEN, given(), advance("user", CREATOR), "ACCESS"));
  }

  private static Stream<Arguments> programs() {
    return Stream.of(
        row("program", "asks for all", GIVEN, given(), RUN, "done"),
        row("program", "asks", "no such session", given(), run("none/blender"), "NO_SUCH_SESSION"),
        row("program", "asks", "no such service", given(), run("user/gimp"), "NO_SUCH_SERVICE"),
        row(
            "another program",
            "asks for all",
            GIVEN,
            given().evidence(DecisionTableTest::otherProgram),
            RUN,
            "MEASUREMENT"),
        row(
            "another program",
            "asks for all",
            "user lists it, creator does not",
            given()
                .with(
                    "user",
                    replace("     pwd: /", "     pwd: /\n     mrenclaves: [" + OTHER_PROGRAM + "]"))
                .evidence(DecisionTableTest::otherProgram),
            RUN,
            "MEASUREMENT"),
        row(
            "program",
            "asks for all",
            "user lists only another one",
            given()
                .with(
                    "user",
                    replace(
                        "     pwd: /", "     pwd: /\n     mrenclaves: [" + OTHER_PROGRAM + "]")),
            RUN,
            "MEASUREMENT"),
        row(
            "program",
            "asks for all",
            "service's list has it, image's has not",
            given()
                .with(
                    "creator",
                    replace(
                        "mrenclaves: [$MRENCLAVE]\n     tags: [demo]\n     volumes",
                        "mrenclaves: [" + OTHER_PROGRAM + "]\n     tags: [demo]\n     volumes")),
            RUN,
            "MEASUREMENT"),
        row(
            "program",
            "asks for all",
            "image's list has it, service's has not",
            given()
                .with(
                    "creator",
                    replace(
                        "mrenclaves: [$MRENCLAVE]\n     tags: [demo]\n     pwd",
                        "mrenclaves: [" + OTHER_PROGRAM + "]\n     tags: [demo]\n     pwd")),
            RUN,
            "MEASUREMENT"),
        row(
            "program",
            "asks for all",
            "no list at all",
            given().with("creator", replace("     mrenclaves: [$MRENCLAVE]\n", "")),
            RUN,
            "MEASUREMENT"),
        row(
            "program",
            "asks for all",
            "service and image have no tag in common",
            given().with("creator", replace("tags: [demo]\n     pwd", "tags: [release]\n     pwd")),
            RUN,
            "TAGS"),
        row(
            "user",
            "changes the command",
            "creator fixes it",
            given().with("user", replace("application.py", "evil.py")),
            RUN,
            "CHANGED_SERVICE"),
        row(
            "user",
            "sets the command",
            "creator leaves it open",
            given()
                .with(
                    "creator",
                    replace("     command: blender -b -P /encryptedInputs/application.py\n", "")),
            RUN,
            "done"),
        row(
            "user",
            "changes the working directory",
            "creator fixes it",
            given().with("user", replace("pwd: /", "pwd: /encryptedInputs")),
            RUN,
            "CHANGED_SERVICE"),
        row(
            "user",
            "adds a variable",
            "creator fixes them",
            given()
                .with(
                    "user",
                    replace("     pwd: /", "     pwd: /\n     environment: {LD_PRELOAD: /x.so}")),
            RUN,
            "CHANGED_SERVICE"),
        row(
            "user",
            "changes a variable",
            "creator fixes it",
            given()
                .with(
                    "user",
                    replace(
                        "     pwd: /", "     pwd: /\n     environment: {SCONE_ALLOW_DLOPEN: 2}")),
            RUN,
            "CHANGED_SERVICE"),
        row(
            "user",
            "repeats a variable",
            "creator fixes it",
            given()
                .with(
                    "user",
                    replace(
                        "     pwd: /", "     pwd: /\n     environment: {SCONE_ALLOW_DLOPEN: 1}")),
            RUN,
            "done"),
        row(
            "user",
            "brings another /usr",
            "creator fixes it",
            given()
                .with(
                    "user",
                    replace(
                        "     pwd: /",
                        "     pwd: /\n     fspf_path: /usr/fspf.pb\n     fspf_tag: " + key(7))),
            RUN,
            "CHANGED_SERVICE"),
        row(
            "user",
            "names another image",
            "creator fixes it",
            given()
                .with("user", replace("iexecsgx:blender_python\n     command", "x\n     command")),
            RUN,
            "CHANGED_SERVICE"));
  }

  private static Stream<Arguments> imports() {
    String usersImage = "images:\n   - name: ";
    return Stream.of(
        row(
            "user",
            "imports the service",
            "it is not exported",
            given().with("creator", replace("namespace: service", "namespace: image")),
            RUN,
            "NOT_EXPORTED"),
        row(
            "user",
            "imports the service",
            "it is exported to the other user",
            given().with("creator", replace("export: \"*\"", "export: other")),
            RUN,
            "NOT_EXPORTED"),
        row(
            "other user",
            "imports the service",
            "it is exported to the other user",
            given().with("creator", replace("export: \"*\"", "export: other")),
            run("other/blender"),
            "done"),
        row(
            "user",
            "imports the service",
            "another version of the user's session is pinned",
            given()
                .with(
                    "creator",
                    replace(
                        "export: \"*\"",
                        "export: {session: user, session_hash: " + "0".repeat(64) + "}")),
            RUN,
            "NOT_EXPORTED"),
        row(
            "user",
            "imports the service",
            "pins another version of the creator's session",
            given()
                .with(
                    "user",
                    replace(
                        "     import: scone:blender\n     image_name",
                        "     import: {session: \"scone:blender\", session_hash: "
                            + "0".repeat(64)
                            + "}\n     image_name")),
            RUN,
            "SESSION_HASH"),
        row(
            "user",
            "imports the service without its image",
            GIVEN,
            given().with("user", document -> document.substring(0, document.indexOf(usersImage))),
            RUN,
            "IMAGE"),
        row(
            "user",
            "brings an own image",
            "with a volume at /usr",
            given()
                .with(
                    "user",
                    replace(
                        "blender_python\n     import: scone:blender",
                        "blender_python\n     volumes: [{name: encrypted-input-files, path: /usr}]")),
            RUN,
            "IMAGE"),
        row(
            "user",
            "adds a volume to the creator's image",
            GIVEN,
            given()
                .with(
                    "user",
                    append("     volumes: [{name: encrypted-input-files, path: /usr/lib}]")),
            RUN,
            "IMAGE"),
        row(
            "creator",
            "puts two volumes at one place",
            GIVEN,
            given().with("creator", replace("path: /encryptedOutputs", "path: /usr")),
            RUN,
            "IMAGE"),
        row(
            "user",
            "imports from a session that imports itself",
            GIVEN,
            given()
                .with(
                    "other", append("exports: [{namespace: service, name: blender, export: '*'}]"))
                .with(
                    "user",
                    replace(
                        "     import: scone:blender\n     image_name",
                        "     import: other\n     image_name")),
            RUN,
            "IMPORT_CHAIN"),
        row(
            "user",
            "leaves a volume out",
            GIVEN,
            given()
                .with(
                    "user",
                    replace("   - name: encrypted-output-files\n" + OUTPUT_TAG + OUTPUT_KEY, "")),
            RUN,
            "VOLUME"),
        row(
            "user",
            "has the service draw the key",
            "volume without key and tag",
            given().with("user", volume("")),
            RUN,
            "done"),
        row(
            "user",
            "imports the other user's volume",
            "it is not exported",
            given().with("user", volume("     import: other\n")),
            RUN,
            "NOT_EXPORTED"),
        row(
            "creator",
            "imports the user's volume into an own session",
            "it is not exported",
            given()
                .with(
                    "other",
                    volume("     import: {session: user, volume: encrypted-input-files}\n")),
            run("other/blender"),
            "NOT_EXPORTED"),
        row(
            "user",
            "imports the other user's volume",
            "it is exported to the user",
            given()
                .with("other", volume(OUTPUT_TAG + OUTPUT_KEY + "     export: [user]\n"))
                .with("user", volume("     import: other\n")),
            RUN,
            "done"),
        row(
            "user",
            "imports the other user's volume",
            "it is exported to another service's session of that name",
            given()
                .with(
                    "other",
                    volume(
                        OUTPUT_TAG
                            + OUTPUT_KEY
                            + "     export: {session: user, cas: "
                            + OTHER_CAS
                            + "}\n"))
                .with("user", volume("     import: other\n")),
            RUN,
            "NOT_EXPORTED"),
        row(
            "user",
            "imports another service's volume",
            "it was sealed for the session and the program",
            given()
                .with("user", volume("     import: {session: far, cas: " + OTHER_CAS + "}\n"))
                .bundle(PROGRAM),
            RUN,
            "done"),
        row(
            "user",
            "imports another service's volume",
            "it was sealed for another program",
            given()
                .with("user", volume("     import: {session: far, cas: " + OTHER_CAS + "}\n"))
                .bundle(OTHER_PROGRAM),
            RUN,
            "MEASUREMENT"),
        row(
            "other user",
            "imports another service's volume",
            "it was sealed for the user's session",
            given()
                .with("other", volume("     import: {session: far, cas: " + OTHER_CAS + "}\n"))
                .bundle(PROGRAM),
            run("other/blender"),
            "NOT_EXPORTED"),
        row(
            "creator",
            "weakens the policy of a user's volume",
            "image says no_rollback_protection",
            given()
                .with(
                    "creator",
                    replace(
                        "path: /encryptedOutputs",
                        "path: /encryptedOutputs\n          update_policy: no_rollback_protection")),
            RUN,
            "VOLUME"));
  }

  private static Stream<Arguments> proofs() {
    return Stream.of(
        row(
            "program",
            "brings simulated evidence",
            GIVEN,
            given().evidence(on(Platform.SIMULATION, false)),
            RUN,
            "SIMULATED"),
        row(
            "program",
            "brings simulated evidence",
            "only the user accepts it",
            given()
                .with("user", append(attestation("mode: simulation")))
                .evidence(on(Platform.SIMULATION, false)),
            RUN,
            "SIMULATED"),
        row(
            "program",
            "brings simulated evidence",
            "user and creator accept it",
            given()
                .with("user", append(attestation("mode: simulation")))
                .with("creator", append(attestation("mode: simulation")))
                .evidence(on(Platform.SIMULATION, false)),
            RUN,
            "done"),
        row(
            "program",
            "brings TDX evidence",
            "creator accepts SGX only",
            given()
                .with("creator", append(attestation("platforms: [sgx]")))
                .evidence(on(Platform.TDX, false)),
            RUN,
            "PLATFORM"),
        row(
            "program",
            "runs in debug mode",
            GIVEN,
            given().evidence(on(Platform.SGX, true)),
            RUN,
            "DEBUG"),
        row(
            "program",
            "runs in debug mode",
            "creator tolerates it, user does not",
            given()
                .with("creator", append(attestation("tolerate: [debug-mode]")))
                .evidence(on(Platform.SGX, true)),
            RUN,
            "DEBUG"),
        row(
            "program",
            "runs in debug mode",
            "both tolerate it",
            given()
                .with("creator", append(attestation("tolerate: [debug-mode]")))
                .with("user", append(attestation("tolerate: [debug-mode]")))
                .evidence(on(Platform.SGX, true)),
            RUN,
            "done"),
        row(
            "program",
            "runs on an outdated platform",
            GIVEN,
            given().evidence(tcb(TcbStatus.OUT_OF_DATE)),
            RUN,
            "TCB"),
        row(
            "program",
            "runs on an outdated platform",
            "both tolerate it",
            given()
                .with("creator", append(attestation("tolerate: [outdated-tcb]")))
                .with("user", append(attestation("tolerate: [outdated-tcb]")))
                .evidence(tcb(TcbStatus.OUT_OF_DATE)),
            RUN,
            "done"),
        row(
            "program",
            "runs on an outdated platform",
            "both tolerate it, but not its advisory",
            given()
                .with("creator", append(attestation("tolerate: [outdated-tcb]")))
                .with("user", append(attestation("tolerate: [outdated-tcb]")))
                .evidence(tcb(TcbStatus.OUT_OF_DATE, "INTEL-SA-00615")),
            RUN,
            "TCB"),
        row(
            "program",
            "runs on an outdated platform",
            "both tolerate it and its advisory",
            given()
                .with(
                    "creator",
                    append(attestation("tolerate: [outdated-tcb], ignore_advisories: '*'")))
                .with(
                    "user",
                    append(
                        attestation(
                            "tolerate: [outdated-tcb], ignore_advisories: [INTEL-SA-00615]")))
                .evidence(tcb(TcbStatus.OUT_OF_DATE, "INTEL-SA-00615")),
            RUN,
            "done"),
        row(
            "program",
            "runs on a revoked platform",
            "everything is tolerated",
            given()
                .with(
                    "creator",
                    append(
                        attestation(
                            "tolerate: [outdated-tcb, debug-mode, insecure-configuration],"
                                + " ignore_advisories: '*'")))
                .with(
                    "user",
                    append(
                        attestation(
                            "tolerate: [outdated-tcb, debug-mode, insecure-configuration],"
                                + " ignore_advisories: '*'")))
                .evidence(tcb(TcbStatus.REVOKED)),
            RUN,
            "TCB"));
  }

  @ParameterizedTest(name = "{0} {1}; {2}: {5}")
  @MethodSource("table")
  void decides(String role, String action, String state, State given, Action deed, String outcome)
      throws IOException {
    given.load();
    Throwable thrown = catchThrowable(() -> deed.run(given));
    if (outcome.equals("done")) {
      assertThat(thrown).as("%s %s; %s", role, action, state).isNull();
    } else {
      assertThat(thrown)
          .as("%s %s; %s", role, action, state)
          .isInstanceOfSatisfying(
              RefusedException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.valueOf(outcome)));
      assertThat(thrown.getMessage()).doesNotContain("f00", "f01", "f02", "f03", "f04");
    }
  }

  @Test
  void theTableHasEnoughRowsAndEveryOneIsAnother() {
    assertThat(table().map(a -> a.get()[0] + "|" + a.get()[1] + "|" + a.get()[2]))
        .hasSizeGreaterThanOrEqualTo(40)
        .doesNotHaveDuplicates();
  }

  @Test
  void theRightProgramGetsTheKeysOfAll() throws IOException {
    State state = given().load();
    Release release = Decision.release(ConfigId.parse("user/blender"), state.proof(), state);
    assertThat(release.command()).hasValue("blender -b -P /encryptedInputs/application.py");
    assertThat(release.environment()).containsKey("SCONE_NO_MMAP_ACCESS");
    assertThat(release.sessions()).containsOnlyKeys("user", "scone:blender");
    Map<String, String> keys = new HashMap<>();
    for (Release.Mount mount : release.mounts()) {
      keys.put(
          mount.path() + " " + mount.volume(), new String(mount.key().orElseThrow().exportHex()));
    }
    assertThat(keys)
        .containsExactlyInAnyOrderEntriesOf(
            ImmutableMap.of(
                "/usr/fspf.pb scone:blender/#blender", key(0),
                "/encryptedInputs user/encrypted-input-files", key(1),
                "/encryptedOutputs user/encrypted-output-files", key(2)));
    assertThat(release.toString()).doesNotContain(key(0), key(1), key(2));
  }
}
