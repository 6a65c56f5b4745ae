package io.fspf.cas.decision;

import static io.fspf.cas.decision.Rows.GIVEN;
import static io.fspf.cas.decision.Rows.OTHER_CAS;
import static io.fspf.cas.decision.Rows.OTHER_PROGRAM;
import static io.fspf.cas.decision.Rows.OUTPUT_KEY;
import static io.fspf.cas.decision.Rows.OUTPUT_TAG;
import static io.fspf.cas.decision.Rows.PROGRAM;
import static io.fspf.cas.decision.Rows.RUN;
import static io.fspf.cas.decision.Rows.append;
import static io.fspf.cas.decision.Rows.given;
import static io.fspf.cas.decision.Rows.on;
import static io.fspf.cas.decision.Rows.pinned;
import static io.fspf.cas.decision.Rows.replace;
import static io.fspf.cas.decision.Rows.row;
import static io.fspf.cas.decision.Rows.run;
import static io.fspf.cas.decision.Rows.volume;

import io.fspf.cas.decision.Rows.Action;
import io.fspf.cas.decision.Rows.State;
import io.fspf.cas.evidence.Platform;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decisions about what sessions have of each other. */
class ImportDecisionsTest {
  static Stream<Arguments> rows() {
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
            "imports the service and its image",
            "pins the creator's session as it is",
            given().with("user", pinned()),
            RUN,
            "done"),
        row(
            "creator",
            "makes another program the right one",
            "the user has pinned the version before",
            given()
                .with("creator", replace("[$MRENCLAVE]", "[" + OTHER_PROGRAM + "]"))
                .with("user", pinned())
                .evidence(Rows::otherProgram),
            RUN,
            "SESSION_HASH"),
        row(
            "user",
            "imports another service's volume",
            "simulation is accepted here and not by the volume's own session",
            given()
                .with("creator", append("security: {attestation: {mode: simulation}}"))
                .with("user", append("security: {attestation: {mode: simulation}}"))
                .with("user", volume("     import: {session: far, cas: " + OTHER_CAS + "}\n"))
                .evidence(on(Platform.SIMULATION, false))
                .bundle(PROGRAM),
            RUN,
            "SIMULATED"),
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

  @ParameterizedTest(name = "{0} {1}; {2}: {5}")
  @MethodSource("rows")
  void decides(String role, String action, String state, State given, Action deed, String outcome)
      throws IOException {
    Rows.decide(role, action, state, given, deed, outcome);
  }
}
