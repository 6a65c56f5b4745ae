package io.fspf.cas.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports in Azure's wrapping below a root of the test's own. */
class AzureVerifierTest {
  private static final HashCode PARAVISOR = Hashing.sha384().hashInt(100);
  private static final HashCode USER_DATA = Hashing.sha512().hashInt(100);
  private static final TestSev SHARED = new TestSev();

  private final TestSev amd = SHARED.afresh();

  private VerifiedEvidence verify(byte[] evidence) throws EvidenceException {
    return amd.azureVerifier().verify(evidence, amd.context());
  }

  @Test
  void reportInOrder() throws Exception {
    VerifiedEvidence verified = verify(amd.azure(PARAVISOR, 1, USER_DATA.asBytes()));
    assertThat(verified.platform()).isEqualTo(Platform.AZURE_SEV_SNP);
    assertThat(verified.details()).containsEntry("launch-digest", PARAVISOR.toString());
    assertThat(verified.reportData()).isEqualTo(USER_DATA);
  }

  @Test
  void tellsMachinesOfOneParavisorApart() throws Exception {
    VerifiedEvidence one = verify(amd.azure(PARAVISOR, 1, USER_DATA.asBytes()));
    VerifiedEvidence again = verify(amd.azure(PARAVISOR, 1, new byte[64]));
    VerifiedEvidence two = verify(amd.azure(PARAVISOR, 2, USER_DATA.asBytes()));
    assertThat(one.measurement()).isEqualTo(again.measurement()).isNotEqualTo(two.measurement());
  }

  @Test
  void refusesEachChangedBit() throws Exception {
    BitFlips.assertRefused(
        amd.azureVerifier(), amd.context(), amd.azure(PARAVISOR, 1, USER_DATA.asBytes()), 9);
  }

  @Test
  void saysThatGuestsMayBeDebugged() throws Exception {
    amd.settings().debug = true;
    assertThat(verify(amd.azure(PARAVISOR, 1, USER_DATA.asBytes())).debug()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "",
        "{\"keys\":[],\"user-data\":\"00\"}",
        "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"AQAB\"}],\"user-data\":\"00\"}",
        "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"EC\"}]}",
        "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"*\"}]}",
        "{\"keys\":[],\"keys\":[]}"
      })
  void refusesRuntimeDataOfAnotherForm(String runtimeData) {
    byte[] evidence = amd.azure(PARAVISOR, runtimeData);
    assertThatThrownBy(() -> verify(evidence)).isInstanceOf(EvidenceException.class);
  }

  @Test
  void refusesABareReport() {
    byte[] evidence = amd.report(PARAVISOR, USER_DATA.asBytes());
    assertThatThrownBy(() -> verify(evidence))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("signature");
  }
}
