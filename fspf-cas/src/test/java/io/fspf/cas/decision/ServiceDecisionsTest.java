package io.fspf.cas.decision;

import static io.fspf.cas.decision.Rows.GIVEN;
import static io.fspf.cas.decision.Rows.OTHER_PROGRAM;
import static io.fspf.cas.decision.Rows.RUN;
import static io.fspf.cas.decision.Rows.given;
import static io.fspf.cas.decision.Rows.key;
import static io.fspf.cas.decision.Rows.replace;
import static io.fspf.cas.decision.Rows.row;
import static io.fspf.cas.decision.Rows.run;

import io.fspf.cas.decision.Rows.Action;
import io.fspf.cas.decision.Rows.State;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decisions about programs: what is measured, and what a user may say of a service. */
class ServiceDecisionsTest {
  static Stream<Arguments> rows() {
    return Stream.of(
        row("program", "asks for all", GIVEN, given(), RUN, "done"),
        row("program", "asks", "no such session", given(), run("none/blender"), "NO_SUCH_SESSION"),
        row("program", "asks", "no such service", given(), run("user/gimp"), "NO_SUCH_SERVICE"),
        row(
            "another program",
            "asks for all",
            GIVEN,
            given().evidence(Rows::otherProgram),
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
                .evidence(Rows::otherProgram),
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

  @ParameterizedTest(name = "{0} {1}; {2}: {5}")
  @MethodSource("rows")
  void decides(String role, String action, String state, State given, Action deed, String outcome)
      throws IOException {
    Rows.decide(role, action, state, given, deed, outcome);
  }
}
