package io.fspf.cas.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What hardware signed verifies, or is refused for the reason that it should be; changed by a bit
 * it is refused; and it answers no challenge of ours.
 */
class RealEvidenceTest {
  private static VerifiedEvidence verify(RealEvidence sample) throws EvidenceException {
    return sample.verifier().verify(sample.evidence(), sample.context());
  }

  @Test
  void sgxQuote() throws Exception {
    VerifiedEvidence verified = verify(RealEvidence.SGX);
    assertThat(verified.platform()).isEqualTo(Platform.SGX);
    assertThat(verified.measurement())
        .hasToString("33d8736db756ed4997e04ba358d27833188f1932ff7b1d156904d3f560452fbb");
    byte[] said = Arrays.copyOf("Hello, world!".getBytes(StandardCharsets.US_ASCII), 64);
    assertThat(verified.reportData()).isEqualTo(HashCode.fromBytes(said));
    assertThat(verified.debug()).isFalse();
    // As the collateral's publisher states for this sample.
    assertThat(verified.tcbStatus()).isEqualTo(TcbStatus.CONFIGURATION_AND_SW_HARDENING_NEEDED);
    assertThat(verified.advisories()).containsExactlyInAnyOrder("INTEL-SA-00289", "INTEL-SA-00615");
    assertThat(verified.details())
        .containsEntry("root", "Intel SGX Root CA")
        .containsEntry("fmspc", "00a067110000");
  }

  @Test
  void tdxQuote() throws Exception {
    VerifiedEvidence verified = verify(RealEvidence.TDX);
    assertThat(verified.platform()).isEqualTo(Platform.TDX);
    assertThat(verified.details().get("mrtd")).startsWith("91eb2b44d141d4ece09f0c75c2c53d24");
    assertThat(verified.details().get("rtmr0")).startsWith("44c0197b39157fdd");
    assertThat(verified.details().get("rtmr3")).startsWith("000000");
    String registers =
        verified.details().get("mrtd")
            + verified.details().get("settings")
            + verified.details().get("rtmr0")
            + verified.details().get("rtmr1")
            + verified.details().get("rtmr2")
            + verified.details().get("rtmr3");
    assertThat(verified.measurement())
        .isEqualTo(Hashing.sha384().hashBytes(HashCode.fromString(registers).asBytes()));
    assertThat(verified.debug()).isFalse();
    assertThat(verified.tcbStatus()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.advisories()).isEmpty();
  }

  @Test
  void snpReportOfGuestThatMayBeDebugged() throws Exception {
    VerifiedEvidence verified = verify(RealEvidence.SEV_DEBUG);
    assertThat(verified.debug()).isTrue();
  }

  @Test
  void snpReportWithVcek() throws Exception {
    VerifiedEvidence verified = verify(RealEvidence.SEV_VCEK);
    assertThat(verified.platform()).isEqualTo(Platform.SEV_SNP);
    assertThat(verified.measurement().toString()).startsWith("a1f3930413247bb38cfc171579ea3c12");
    assertThat(verified.debug()).isFalse();
    assertThat(verified.details())
        .containsEntry("root", "ARK-Milan")
        .containsEntry("signed-by", "VCEK")
        .containsEntry("tcb", "3.0.8.115")
        .containsEntry("revocation", "not checked");
    assertThat(verified.details().get("holder")).startsWith("c38427a30d4c7af9");
  }

  @Test
  void snpReportWithVlek() throws Exception {
    VerifiedEvidence verified = verify(RealEvidence.SEV_VLEK);
    assertThat(verified.measurement().toString()).startsWith("8922ebbdd00ec2c541f36a6e7a82a877");
    assertThat(verified.debug()).isFalse();
    assertThat(verified.details())
        .containsEntry("signed-by", "VLEK")
        .containsEntry("holder", "CN=cc-us-east-2.amazonaws.com")
        .containsEntry("tcb", "4.0.24.217");
  }

  @Test
  void azureReport() throws Exception {
    VerifiedEvidence verified = verify(RealEvidence.AZURE);
    assertThat(verified.platform()).isEqualTo(Platform.AZURE_SEV_SNP);
    assertThat(verified.details().get("launch-digest"))
        .startsWith("9ac48fcac8a2d88aeeff8d427ad4f2be");
    assertThat(verified.measurement().toString())
        .isNotEqualTo(verified.details().get("launch-digest"));
    assertThat(verified.reportData()).isEqualTo(HashCode.fromBytes(new byte[64]));
    assertThat(verified.debug()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void isRefusedBeforeAndAfterItsTime(RealEvidence sample) throws Exception {
    EvidenceVerifier verifier = sample.verifier();
    byte[] evidence = sample.evidence();
    for (String time : new String[] {"2017-01-01T00:00:00Z", "2051-01-01T00:00:00Z"}) {
      VerificationContext context = new VerificationContext(Instant.parse(time));
      assertThatThrownBy(() -> verifier.verify(evidence, context))
          .isInstanceOf(EvidenceException.class)
          .hasMessageMatching(".*(not valid yet at|expired by) " + time);
    }
  }

  @Test
  void collateralIsRefusedOutOfItsMonth() throws Exception {
    EvidenceVerifier verifier = RealEvidence.SGX.verifier();
    byte[] evidence = RealEvidence.SGX.evidence();
    assertThatThrownBy(
            () ->
                verifier.verify(
                    evidence, new VerificationContext(Instant.parse("2025-08-01T00:00:00Z"))))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("is out of date");
    assertThatThrownBy(
            () ->
                verifier.verify(
                    evidence, new VerificationContext(Instant.parse("2025-06-01T00:00:00Z"))))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("not valid yet");
  }

  @ParameterizedTest
  @EnumSource
  void isRefusedWithAnyBitChanged(RealEvidence sample) throws Exception {
    BitFlips.assertRefused(sample.verifier(), sample.context(), sample.evidence(), 1);
  }

  @ParameterizedTest
  @EnumSource
  void isRefusedCutAnywhere(RealEvidence sample) throws Exception {
    BitFlips.assertRefusedCut(sample.verifier(), sample.context(), sample.evidence());
  }

  /** Of a vendor whose evidence nobody here reads: no verifier takes it for its own. */
  @ParameterizedTest
  @EnumSource
  void evidenceOfAnotherVendorIsRefused(RealEvidence sample) throws Exception {
    EvidenceVerifier verifier = sample.verifier();
    byte[] nitro = RealEvidence.file("nitro-ev/valid-attestation-doc-bytes");
    assertThatThrownBy(() -> verifier.verify(nitro, sample.context()))
        .isInstanceOf(EvidenceException.class)
        .hasMessageMatching("(?s).+");
    for (RealEvidence other : RealEvidence.values()) {
      if (!other.verifier().format().equals(verifier.format())) {
        byte[] evidence = other.evidence();
        assertThatThrownBy(() -> verifier.verify(evidence, sample.context()))
            .isInstanceOf(EvidenceException.class);
      }
    }
  }
}
