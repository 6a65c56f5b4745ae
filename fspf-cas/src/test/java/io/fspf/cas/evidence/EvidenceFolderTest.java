package io.fspf.cas.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users keep about vendors. */
class EvidenceFolderTest {
  private static final HashCode MEASUREMENT = Hashing.sha384().hashInt(1);
  private static final byte[] REPORT_DATA = Hashing.sha512().hashInt(1).asBytes();
  private static final TestSev SHARED = new TestSev();

  @TempDir private Path folder;

  private final TestDcap intel = new TestDcap();
  private final TestSev amd = SHARED.afresh();

  @BeforeEach
  void fill() throws IOException {
    put("intel/root.pem", intel.rootIdentity().pem());
    put("intel/collateral/sgx.json", intel.collateral(false));
    put("intel/collateral/tdx.json", intel.collateral(true));
    put("amd/milan/chain.pem", amd.chain());
    put("amd/milan/crl.der", amd.revocations());
    put("amd/milan/endorsements/one.der", amd.vcek().encoded());
  }

  private void put(String place, String text) throws IOException {
    Files.createDirectories(folder.resolve(place).getParent());
    Files.writeString(folder.resolve(place), text);
  }

  private void put(String place, byte[] content) throws IOException {
    Files.createDirectories(folder.resolve(place).getParent());
    Files.write(folder.resolve(place), content);
  }

  private EvidenceFolder own() {
    return EvidenceFolder.ofOwnRoots(
        folder, ImmutableSet.of(intel.root().fingerprint(), amd.root().fingerprint()));
  }

  private EvidenceVerifier verifier(String format) throws EvidenceException {
    return own().verifiers().stream()
        .filter(verifier -> verifier.format().equals(format))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void hasAVerifierOfEachFormat() throws Exception {
    assertThat(own().verifiers())
        .extracting(EvidenceVerifier::format)
        .containsExactly("sgx-dcap-v3", "tdx-dcap-v4", "sev-snp", "azure-sev-snp");
    byte[] sgx = intel.sgxQuote(Hashing.sha256().hashInt(1), REPORT_DATA);
    assertThat(verifier("sgx-dcap-v3").verify(sgx, intel.context()).platform())
        .isEqualTo(Platform.SGX);
    byte[] tdx = intel.tdxQuote(MEASUREMENT, REPORT_DATA);
    assertThat(verifier("tdx-dcap-v4").verify(tdx, intel.context()).platform())
        .isEqualTo(Platform.TDX);
    // Its certificate does not come along.
    byte[] snp = amd.report(MEASUREMENT, REPORT_DATA);
    assertThat(verifier("sev-snp").verify(snp, amd.context()).measurement()).isEqualTo(MEASUREMENT);
    byte[] azure = amd.azure(MEASUREMENT, 1, REPORT_DATA);
    assertThat(verifier("azure-sev-snp").verify(azure, amd.context()).platform())
        .isEqualTo(Platform.AZURE_SEV_SNP);
  }

  @Test
  void trustsNoRootButTheVendors() {
    assertThatThrownBy(() -> EvidenceFolder.ofVendors(folder).verifiers())
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("No certificate of a pinned fingerprint");
  }

  @Test
  void hasNoVerifiersOfVendorsThatAreNotThere(@TempDir Path empty) throws Exception {
    assertThat(EvidenceFolder.ofVendors(empty).verifiers()).isEmpty();
  }

  @Test
  void readsWhatWasRenewed() throws Exception {
    EvidenceVerifier sgx = verifier("sgx-dcap-v3");
    byte[] quote = intel.sgxQuote(Hashing.sha256().hashInt(1), REPORT_DATA);
    assertThat(sgx.verify(quote, intel.context()).tcbStatus()).isEqualTo(TcbStatus.UP_TO_DATE);
    intel.settings().tcbStatus = "OutOfDate";
    put("intel/collateral/sgx.json", intel.collateral(false));
    assertThat(sgx.verify(quote, intel.context()).tcbStatus()).isEqualTo(TcbStatus.OUT_OF_DATE);
    Files.delete(folder.resolve("intel/collateral/sgx.json"));
    assertThatThrownBy(() -> sgx.verify(quote, intel.context()))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("No collateral for SGX");
  }

  @Test
  void goesWithoutRevocationsOnlyWhenTold() throws Exception {
    Files.delete(folder.resolve("amd/milan/crl.der"));
    assertThatThrownBy(() -> own().verifiers())
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("neither crl.der nor no-crl");
    put("amd/milan/no-crl", "");
    byte[] report = amd.report(MEASUREMENT, REPORT_DATA);
    assertThat(verifier("sev-snp").verify(report, amd.context()).details())
        .containsEntry("revocation", "not checked");
    amd.settings().revoked = List.of(amd.ask());
    put("amd/milan/crl.der", amd.revocations());
    EvidenceVerifier checks = verifier("sev-snp");
    assertThatThrownBy(() -> checks.verify(report, amd.context()))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("is revoked");
  }

  @Test
  void judgesByTheMinimum() throws Exception {
    byte[] report = amd.report(MEASUREMENT, REPORT_DATA);
    EvidenceVerifier snp = verifier("sev-snp");
    put("amd/milan/minimum-tcb", "4.0.24.219\n");
    assertThat(snp.verify(report, amd.context()).tcbStatus()).isEqualTo(TcbStatus.UP_TO_DATE);
    put("amd/milan/minimum-tcb", "4.0.25.0");
    assertThat(snp.verify(report, amd.context()).tcbStatus()).isEqualTo(TcbStatus.OUT_OF_DATE);
    for (String bad : new String[] {"", "4", "4.0.24.256", "4.0.24.x", "1.2.3.4.5"}) {
      put("amd/milan/minimum-tcb", bad);
      assertThatThrownBy(() -> snp.verify(report, amd.context()))
          .isInstanceOf(EvidenceException.class)
          .hasMessageContaining("is not a TCB");
    }
  }

  @Test
  void namesFilesThatAreMissing() throws Exception {
    Files.delete(folder.resolve("amd/milan/chain.pem"));
    assertThatThrownBy(() -> own().verifiers())
        .isInstanceOf(EvidenceException.class)
        .hasMessage("amd/milan/chain.pem cannot be read");
    Files.delete(folder.resolve("intel/root.pem"));
    assertThatThrownBy(() -> own().verifiers())
        .isInstanceOf(EvidenceException.class)
        .hasMessage("intel/root.pem cannot be read");
  }

  @Test
  void refusesLongFiles() throws Exception {
    put("intel/collateral/long.json", new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> own().verifiers())
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("is longer than");
  }
}
