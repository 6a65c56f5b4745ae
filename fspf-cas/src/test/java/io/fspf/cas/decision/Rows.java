package io.fspf.cas.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
import org.junit.jupiter.params.provider.Arguments;

/**
 * What rows of the table of decisions are made of: who does what in which state, and what comes of
 * it. The state to begin with is that of the field's own documents: the image creator's session and
 * a user's, and beside them another user's.
 */
final class Rows {
  private Rows() {}

  static final String PROGRAM = "a1".repeat(32);
  static final String OTHER_PROGRAM = "b2".repeat(32);
  static final HashCode OTHER_CAS = HashCode.fromString("c3".repeat(32));

  /** The image creator's key, the user's, another user's. */
  static final Identity CREATOR = identity(1);

  static final Identity USER = identity(2);
  static final Identity OTHER = identity(3);

  static Identity identity(int number) {
    return new Identity(HashCode.fromString(String.format("%064x", number)));
  }

  static String key(int number) {
    return String.format("%064x", 0xf00 + number);
  }

  /** The sessions, some of them edited. */
  static final class State implements SessionSource {
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

    static Map<String, String> variables(String session, int number) {
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
  interface Action {
    void run(State state) throws IOException;
  }

  static Action run(String configId) {
    return state -> {
      Release release = Decision.release(ConfigId.parse(configId), state.proof(), state);
      assertThat(release.configId()).hasToString(configId);
    };
  }

  static Action read(String session, Identity who) {
    return state -> Access.checkRead(state.session(session).orElseThrow(), who);
  }

  static Action advance(String session, Identity who) {
    return state -> Access.checkAdvance(state.session(session).orElseThrow(), who);
  }

  static Action update(String session, Identity who, UnaryOperator<String> predecessor) {
    return state -> {
      StoredSession present = state.session(session).orElseThrow();
      String hash = predecessor.apply(present.session().hash().toString());
      Access.checkUpdate(present, Session.read("name: " + session + "\n" + hash), who);
    };
  }

  static Action create(String name, String line) {
    return state -> {
      Session next = Session.read("name: " + name + "\n" + line);
      Access.checkCreate(state.session(name), next);
    };
  }

  static Action rename(String session, String name, Identity who) {
    return state -> {
      StoredSession present = state.session(session).orElseThrow();
      String predecessor = right(present.session().hash().toString());
      Access.checkUpdate(present, Session.read("name: " + name + "\n" + predecessor), who);
    };
  }

  static Action export(String session, Identity who) {
    return state -> Access.checkExport(state.session(session).orElseThrow(), who);
  }

  /** The user's document with the creator's session pinned as it is in the state to begin with. */
  static UnaryOperator<String> pinned() {
    return document -> {
      try {
        HashCode hash = given().load().session("scone:blender").orElseThrow().session().hash();
        return document.replace(
            "import: scone:blender",
            "import: {session: \"scone:blender\", session_hash: " + hash + "}");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    };
  }

  static String right(String hash) {
    return "predecessor: " + hash;
  }

  static UnaryOperator<String> replace(String from, String to) {
    return document -> {
      assertThat(document).contains(from);
      return document.replace(from, to);
    };
  }

  static UnaryOperator<String> append(String lines) {
    return document -> document + lines + "\n";
  }

  static UnaryOperator<VerifiedEvidence> on(Platform platform, boolean debug) {
    return e ->
        new VerifiedEvidence(
            platform, e.measurement(), e.reportData(), debug, e.tcbStatus(), e.advisories());
  }

  static UnaryOperator<VerifiedEvidence> tcb(TcbStatus status, String... advisories) {
    return e ->
        new VerifiedEvidence(
            e.platform(),
            e.measurement(),
            e.reportData(),
            e.debug(),
            status,
            ImmutableSet.copyOf(advisories));
  }

  static VerifiedEvidence otherProgram(VerifiedEvidence e) {
    return new VerifiedEvidence(
        e.platform(),
        HashCode.fromString(OTHER_PROGRAM),
        e.reportData(),
        e.debug(),
        e.tcbStatus(),
        e.advisories());
  }

  static String attestation(String lines) {
    return "security: {attestation: {" + lines + "}}";
  }

  static Arguments row(
      String role, String action, String state, State given, Action deed, String outcome) {
    return arguments(role, action, state, given, deed, outcome);
  }

  static State given() {
    return new State();
  }

  static final String GIVEN = "as documented";
  static final Action RUN = run("user/blender");
  static final String OUTPUT_KEY = "     fspf_key: $OUTPUT_FSPF_KEY\n";
  static final String OUTPUT_TAG = "     fspf_tag: $OUTPUT_FSPF_TAG\n";

  static UnaryOperator<String> volume(String lines) {
    return document -> replace(OUTPUT_KEY, lines).apply(replace(OUTPUT_TAG, "").apply(document));
  }

  /** Does what a row says, and sees whether it comes as the row says. */
  static void decide(
      String role, String action, String state, State given, Action deed, String outcome)
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
}
