package io.fspf.cas.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import io.fspf.cas.evidence.TestSev.Settings;
import io.fspf.cas.evidence.sev.SevCertificates;
import io.fspf.cas.evidence.sev.SnpTcb;
import io.fspf.cas.evidence.sev.SnpVerifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports and certificates below a root of the test's own, each thing wrong in turn. */
class SnpVerifierTest {
  private static final HashCode LAUNCH_DIGEST = Hashing.sha384().hashInt(100);
  private static final HashCode REPORT_DATA = Hashing.sha512().hashInt(100);

  // Its keys take a while to find.
  private static final TestSev SHARED = new TestSev();

  private final TestSev amd = SHARED.afresh();
  private final Settings settings = amd.settings();

  private VerifiedEvidence verify() throws EvidenceException {
    return verify(amd.evidence(LAUNCH_DIGEST, REPORT_DATA.asBytes()));
  }

  private VerifiedEvidence verify(byte[] evidence) throws EvidenceException {
    return amd.verifier().verify(evidence, amd.context());
  }

  private byte[] report() {
    return amd.report(LAUNCH_DIGEST, REPORT_DATA.asBytes());
  }

  private byte[] withTable(Map<UUID, byte[]> table) {
    return Bytes.concat(report(), TestSev.table(table));
  }

  private static void assertRefused(ThrowingCallable how, String why) {
    assertThatThrownBy(how).isInstanceOf(EvidenceException.class).hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reportInOrder(boolean vlek) throws Exception {
    settings.vlek = vlek;
    VerifiedEvidence verified = verify();
    assertThat(verified.platform()).isEqualTo(Platform.SEV_SNP);
    assertThat(verified.measurement()).isEqualTo(LAUNCH_DIGEST);
    assertThat(verified.details())
        .containsEntry("signed-by", vlek ? "VLEK" : "VCEK")
        .containsEntry("revocation", "checked")
        .containsEntry("tcb", "4.0.24.219");
    assertThat(verified.reportData()).isEqualTo(REPORT_DATA);
  }

  @Test
  void refusesEachChangedBit() throws Exception {
    BitFlips.assertRefused(
        amd.verifier(), amd.context(), amd.evidence(LAUNCH_DIGEST, REPORT_DATA.asBytes()), 9);
  }

  @Test
  void refusesCutEvidence() throws Exception {
    BitFlips.assertRefusedCut(
        amd.verifier(), amd.context(), amd.evidence(LAUNCH_DIGEST, REPORT_DATA.asBytes()));
  }

  @Test
  void saysThatGuestsMayBeDebugged() throws Exception {
    settings.debug = true;
    VerifiedEvidence verified = verify();
    assertThat(verified.debug()).isTrue();
  }

  @Test
  void saysThatPlatformsAreOlderThanTheUserAllows() throws Exception {
    settings.minimum = new SnpTcb(4, 0, 24, 219);
    assertThat(verify().tcbStatus()).isEqualTo(TcbStatus.UP_TO_DATE);
    for (SnpTcb newer :
        List.of(
            new SnpTcb(5, 0, 24, 219),
            new SnpTcb(4, 1, 24, 219),
            new SnpTcb(4, 0, 25, 219),
            new SnpTcb(4, 0, 24, 220))) {
      settings.minimum = newer;
      assertThat(verify().tcbStatus()).isEqualTo(TcbStatus.OUT_OF_DATE);
    }
  }

  @Test
  void refusesReportsOfAnotherTcbThanTheKeys() {
    settings.tcb = new SnpTcb(4, 0, 24, 220);
    assertRefused(this::verify, "A report of TCB 4.0.24.220 with a VCEK of 4.0.24.219");
    settings.vlek = true;
    assertRefused(this::verify, "with a VLEK of 4.0.24.219");
  }

  @Test
  void refusesReportsOfAnotherChip() {
    settings.chipId = TestSev.chip(8);
    assertRefused(this::verify, "another chip");
  }

  @Test
  void refusesReportsThatHideTheirChip() {
    settings.flags = 1 << 1;
    assertRefused(this::verify, "hides which chip");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, -1})
  void refusesReportsThatTheHostAskedFor(int vmpl) {
    settings.vmpl = vmpl;
    assertRefused(this::verify, "no guest asked for");
  }

  @ParameterizedTest
  @ValueSource(ints = {2 << 2, 7 << 2, 1 << 5, 1 << 31})
  void refusesOtherSignersAndFlags(int flags) {
    settings.flags = flags;
    assertRefused(this::verify, "A report");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, -1})
  void refusesOtherVersions(int version) {
    settings.version = version;
    assertRefused(this::verify, "A report of version");
  }

  @Test
  void refusesAKeyOfTheOtherKind() {
    byte[] evidence = withTable(ImmutableMap.of(TestSev.VCEK, amd.vlek().encoded()));
    assertRefused(() -> verify(evidence), "A report of a VCEK with a VLEK");
  }

  @Test
  void refusesReportsWithoutACertificate() {
    assertRefused(() -> verify(report()), "No certificate of the VCEK that signed");
  }

  @Test
  void takesASuppliedCertificateWhereNoneCameAlong() throws Exception {
    SevCertificates certificates =
        amd.certificates()
            .endorsements(amd.vlek().encoded())
            .endorsements(amd.vcek().encoded())
            .build();
    EvidenceVerifier verifier = new SnpVerifier(() -> ImmutableList.of(certificates));
    assertThat(verifier.verify(report(), amd.context()).measurement()).isEqualTo(LAUNCH_DIGEST);
    settings.chipId = TestSev.chip(8);
    assertRefused(() -> verifier.verify(report(), amd.context()), "No certificate of the VCEK");
  }

  @Test
  void refusesRevokedAuthorities() {
    settings.revoked = List.of(amd.ask());
    assertRefused(this::verify, "is revoked");
  }

  @Test
  void refusesOldAndFutureRevocationLists() throws Exception {
    EvidenceVerifier verifier = amd.verifier();
    byte[] evidence = amd.evidence(LAUNCH_DIGEST, REPORT_DATA.asBytes());
    for (int seconds : new int[] {-2, 2}) {
      VerificationContext then = new VerificationContext(amd.context().time().plusSeconds(seconds));
      assertRefused(() -> verifier.verify(evidence, then), " at " + then.time());
    }
  }

  @Test
  void goesWithoutARevocationListOnlyWhenTold() throws Exception {
    settings.revoked = null;
    assertThat(verify().details()).containsEntry("revocation", "not checked");
    SevCertificates.Builder undecided = SevCertificates.below(amd.root());
    assertThatThrownBy(undecided::build).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesChainsBelowAnotherRoot() throws Exception {
    TestSev other = new TestSev();
    byte[] evidence = other.evidence(LAUNCH_DIGEST, REPORT_DATA.asBytes());
    assertRefused(() -> verify(evidence), "is not signed by");
    byte[] bare =
        Bytes.concat(
            other.report(LAUNCH_DIGEST, REPORT_DATA.asBytes()),
            TestSev.table(ImmutableMap.of(TestSev.VCEK, other.vcek().encoded())));
    assertRefused(() -> verify(bare), "is not signed by");
    assertRefused(
        () ->
            SevCertificates.below(amd.root())
                .authorities(other.ask().pem().getBytes(StandardCharsets.UTF_8)),
        "is not signed by");
  }

  @Test
  void refusesEndorsementsOfAnotherGeneration() {
    // Genoa's authority would sign for Genoa only; here Milan's signed a chip of Genoa.
    TestPki.Identity genoa = amd.vcekOf("Genoa-B1");
    byte[] evidence = withTable(ImmutableMap.of(TestSev.VCEK, genoa.encoded()));
    assertRefused(() -> verify(evidence), "A VCEK of Genoa-B1 that SEV-Milan certified");
  }

  @Test
  void refusesTablesThatSayMore() {
    byte[] vcek = amd.vcek().encoded();
    assertRefused(
        () -> verify(withTable(ImmutableMap.of(TestSev.VCEK, vcek, new UUID(1, 2), vcek))),
        "A certificate table with an entry");
    assertRefused(
        () -> verify(withTable(ImmutableMap.of(TestSev.VCEK, vcek, TestSev.ARK, vcek))),
        "A table with another SEV-VCEK");
    byte[] between = withTable(ImmutableMap.of(TestSev.VCEK, vcek));
    between[between.length - 1] = 1;
    assertRefused(() -> verify(between), "reserved bytes are not zero");
  }

  @Test
  void acceptsTablesWithBothKindsOfKeys() throws Exception {
    byte[] evidence =
        withTable(
            ImmutableMap.of(
                TestSev.VLEK, amd.vlek().encoded(), TestSev.VCEK, amd.vcek().encoded()));
    assertThat(verify(evidence).details()).containsEntry("signed-by", "VCEK");
    byte[] forged =
        withTable(
            ImmutableMap.of(TestSev.VLEK, amd.ark().encoded(), TestSev.VCEK, amd.vcek().encoded()));
    assertRefused(() -> verify(forged), "No certificate of");
  }

  @Test
  void refusesTablesWithLengthsThatLie() {
    byte[] evidence = withTable(ImmutableMap.of(TestSev.VCEK, amd.vcek().encoded()));
    int entry = 1184 + 16;
    for (int at = entry; at < entry + 8; at++) {
      for (int value : new int[] {0x01, 0x7f, 0x80, 0xff}) {
        byte[] changed = evidence.clone();
        changed[at] ^= (byte) value;
        assertThatThrownBy(() -> verify(changed)).isInstanceOf(EvidenceException.class);
      }
    }
    byte[] endless = evidence.clone();
    Arrays.fill(endless, 1184, endless.length, (byte) 1);
    assertRefused(() -> verify(endless), "More than 8 entries");
    assertRefused(() -> verify(new byte[1 << 17]), "Not as long as a report");
  }
}
