package io.fspf.cas.decision;

import static io.fspf.cas.decision.Rows.GIVEN;
import static io.fspf.cas.decision.Rows.RUN;
import static io.fspf.cas.decision.Rows.append;
import static io.fspf.cas.decision.Rows.attestation;
import static io.fspf.cas.decision.Rows.given;
import static io.fspf.cas.decision.Rows.on;
import static io.fspf.cas.decision.Rows.row;
import static io.fspf.cas.decision.Rows.tcb;

import io.fspf.cas.decision.Rows.Action;
import io.fspf.cas.decision.Rows.State;
import io.fspf.cas.evidence.Platform;
import io.fspf.cas.evidence.TcbStatus;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decisions about what a platform is like. */
class ProofDecisionsTest {
  static Stream<Arguments> rows() {
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
  @MethodSource("rows")
  void decides(String role, String action, String state, State given, Action deed, String outcome)
      throws IOException {
    Rows.decide(role, action, state, given, deed, outcome);
  }
}
