package io.fspf.cas.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.HashCode;
import io.fspf.cas.evidence.RealEvidence;
import io.fspf.cas.evidence.VerifiedEvidence;
import io.fspf.cas.session.SeedDocuments;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What hardware signed, in sessions that name its measurement: it is refused for what is wrong with
 * the platform, and only for that.
 */
class RealEvidenceDecisionTest {
  private static Release release(RealEvidence sample, String attestation) throws Exception {
    VerifiedEvidence evidence = sample.verifier().verify(sample.evidence(), sample.context());
    return Decision.release(
        ConfigId.parse("real/app"),
        evidence,
        new Sessions(
            """
            name: real
            version: "0.3"
            services:
              - name: app
                command: app
                mrenclaves: [%s]
            security:
              attestation: %s
            """
                .formatted(evidence.measurement(), attestation)));
  }

  /** One session. */
  private record Sessions(String document) implements SessionSource {
    @Override
    public Optional<StoredSession> session(String name) {
      try {
        return Optional.of(
            new StoredSession(
                SeedDocuments.read(document, Map.of()),
                new Identity(HashCode.fromBytes(new byte[32]))));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public Optional<ImportedVolume> imported(
        HashCode cas, String session, String volume, String target) {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SGX, TCB, CONFIGURATION_AND_SW_HARDENING_NEEDED",
    "SEV_DEBUG, DEBUG, debug mode",
    "AZURE, PLATFORM, azure-sev-snp"
  })
  void isRefusedForWhatIsWrong(RealEvidence sample, Reason reason, String message) {
    // Skips where there are no samples, which below would count as another exception.
    assertThat(sample.evidence()).isNotEmpty();
    assertThatThrownBy(() -> release(sample, "{mode: hardware}"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(message)
        .returns(reason, e -> ((RefusedException) e).reason());
  }

  @ParameterizedTest
  @EnumSource(names = {"TDX", "SEV_VCEK", "SEV_VLEK"})
  void nothingIsWrongWithTheOthers(RealEvidence sample) throws Exception {
    assertThat(release(sample, "{mode: hardware}").configId()).hasToString("real/app");
  }

  @ParameterizedTest
  @CsvSource({
    "SGX, '{tolerate: [insecure-configuration, software-hardening-needed],"
        + " ignore_advisories: [INTEL-SA-00289, INTEL-SA-00615]}'",
    "SEV_DEBUG, '{tolerate: [debug-mode]}'",
    "AZURE, '{platforms: [azure-sev-snp]}'"
  })
  void nothingElseIsWrong(RealEvidence sample, String attestation) throws Exception {
    assertThat(release(sample, attestation).configId()).hasToString("real/app");
  }
}
