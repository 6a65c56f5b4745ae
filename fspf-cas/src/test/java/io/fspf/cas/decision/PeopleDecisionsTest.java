package io.fspf.cas.decision;

import static io.fspf.cas.decision.Rows.CREATOR;
import static io.fspf.cas.decision.Rows.GIVEN;
import static io.fspf.cas.decision.Rows.OTHER;
import static io.fspf.cas.decision.Rows.USER;
import static io.fspf.cas.decision.Rows.advance;
import static io.fspf.cas.decision.Rows.append;
import static io.fspf.cas.decision.Rows.export;
import static io.fspf.cas.decision.Rows.given;
import static io.fspf.cas.decision.Rows.read;
import static io.fspf.cas.decision.Rows.rename;
import static io.fspf.cas.decision.Rows.row;
import static io.fspf.cas.decision.Rows.update;

import io.fspf.cas.decision.Rows.Action;
import io.fspf.cas.decision.Rows.State;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decisions about people: who may read and update sessions. */
class PeopleDecisionsTest {
  static Stream<Arguments> rows() {
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
            update("user", USER, Rows::right),
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
            update("user", CREATOR, Rows::right),
            "ACCESS"),
        row(
            "user",
            "updates creator's session",
            GIVEN,
            given(),
            update("scone:blender", USER, Rows::right),
            "ACCESS"),
        row(
            "user",
            "updates own session",
            "NONE may update",
            given().with("user", append("access_policy: {update: [NONE]}")),
            update("user", USER, Rows::right),
            "ACCESS"),
        row(
            "user",
            "updates own session",
            "gives it another name",
            given(),
            rename("user", "mine", USER),
            "PREDECESSOR"),
        row(
            "user",
            "creates a session",
            "the name is free",
            given(),
            Rows.create("new", "digest: create"),
            "done"),
        row(
            "user",
            "creates a session",
            "the name is the other user's",
            given(),
            Rows.create("other", "digest: create"),
            "EXISTS"),
        row(
            "user",
            "creates a session",
            "it names a predecessor that is not there",
            given(),
            Rows.create("new", "predecessor: " + "0".repeat(64)),
            "PREDECESSOR"),
        row(
            "user",
            "seals own volume for another service",
            GIVEN,
            given(),
            export("user", USER),
            "done"),
        row(
            "creator",
            "seals the user's volume for another service",
            GIVEN,
            given(),
            export("user", CREATOR),
            "ACCESS"),
        row(
            "other user",
            "seals the user's volume for another service",
            "ANY may read",
            given().with("user", append("access_policy: {read: [ANY]}")),
            export("user", OTHER),
            "ACCESS"),
        row("user", "advances own tags", GIVEN, given(), advance("user", USER), "done"),
        row("creator", "advances user's tags", GIVEN, given(), advance("user", CREATOR), "ACCESS"));
  }

  @ParameterizedTest(name = "{0} {1}; {2}: {5}")
  @MethodSource("rows")
  void decides(String role, String action, String state, State given, Action deed, String outcome)
      throws IOException {
    Rows.decide(role, action, state, given, deed, outcome);
  }
}
