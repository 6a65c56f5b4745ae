package io.fspf.cas.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.fspf.cas.evidence.TestDcap.Settings;
import io.fspf.cas.evidence.TestPki.Identity;
import io.fspf.cas.evidence.dcap.DcapCollateral;
import io.fspf.cas.evidence.dcap.DcapVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quotes and collateral below a root of the test's own, each thing wrong in turn. */
class DcapVerifierTest {
  private static final HashCode MR_ENCLAVE = Hashing.sha256().hashInt(100);
  private static final HashCode MR_TD = Hashing.sha384().hashInt(100);
  private static final HashCode REPORT_DATA = Hashing.sha512().hashInt(100);

  private final TestDcap intel = new TestDcap();
  private final Settings settings = intel.settings();

  private VerifiedEvidence sgx() throws EvidenceException {
    return intel
        .sgxVerifier()
        .verify(intel.sgxQuote(MR_ENCLAVE, REPORT_DATA.asBytes()), intel.context());
  }

  private VerifiedEvidence tdx() throws EvidenceException {
    return intel
        .tdxVerifier()
        .verify(intel.tdxQuote(MR_TD, REPORT_DATA.asBytes()), intel.context());
  }

  private static void assertRefused(ThrowingCallable how, String why) {
    assertThatThrownBy(how).isInstanceOf(EvidenceException.class).hasMessageContaining(why);
  }

  @Test
  void sgxQuoteInOrder() throws Exception {
    VerifiedEvidence verified = sgx();
    assertThat(verified.measurement()).isEqualTo(MR_ENCLAVE);
    assertThat(verified.reportData()).isEqualTo(REPORT_DATA);
    assertThat(verified.tcbStatus()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.reportData()).isEqualTo(REPORT_DATA);
  }

  @Test
  void tdxQuoteInOrder() throws Exception {
    VerifiedEvidence verified = tdx();
    assertThat(verified.platform()).isEqualTo(Platform.TDX);
    assertThat(verified.measurement().bits()).isEqualTo(384);
    assertThat(verified.details()).containsEntry("mrtd", MR_TD.toString());
    assertThat(verified.reportData()).isEqualTo(REPORT_DATA);
  }

  @Test
  void refusesEachChangedBit() throws Exception {
    BitFlips.assertRefused(
        intel.sgxVerifier(), intel.context(), intel.sgxQuote(MR_ENCLAVE, REPORT_DATA.asBytes()), 9);
    BitFlips.assertRefused(
        intel.tdxVerifier(), intel.context(), intel.tdxQuote(MR_TD, REPORT_DATA.asBytes()), 9);
  }

  @Test
  void saysThatProgramsMayBeDebugged() throws Exception {
    settings.debug = true;
    assertThat(sgx().debug()).isTrue();
    assertThat(tdx().debug()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "UpToDate, UpToDate, UP_TO_DATE",
    "SWHardeningNeeded, UpToDate, SW_HARDENING_NEEDED",
    "ConfigurationNeeded, UpToDate, CONFIGURATION_NEEDED",
    "ConfigurationAndSWHardeningNeeded, UpToDate, CONFIGURATION_AND_SW_HARDENING_NEEDED",
    "OutOfDate, UpToDate, OUT_OF_DATE",
    "OutOfDateConfigurationNeeded, UpToDate, OUT_OF_DATE_CONFIGURATION_NEEDED",
    "Revoked, UpToDate, REVOKED",
    "UpToDate, OutOfDate, OUT_OF_DATE",
    "SWHardeningNeeded, OutOfDate, OUT_OF_DATE",
    "ConfigurationNeeded, OutOfDate, OUT_OF_DATE_CONFIGURATION_NEEDED",
    "ConfigurationAndSWHardeningNeeded, OutOfDate, OUT_OF_DATE_CONFIGURATION_NEEDED",
    "OutOfDateConfigurationNeeded, OutOfDate, OUT_OF_DATE_CONFIGURATION_NEEDED",
    "UpToDate, Revoked, REVOKED",
    "OutOfDate, Revoked, REVOKED"
  })
  void joinsTheStatusOfThePlatformAndItsEnclave(String tcb, String qe, TcbStatus expected)
      throws Exception {
    settings.tcbStatus = tcb;
    settings.qeStatus = qe;
    assertThat(sgx().tcbStatus()).isEqualTo(expected);
    settings.qeStatus = "UpToDate";
    settings.moduleStatus = qe;
    assertThat(tdx().tcbStatus()).isEqualTo(expected);
  }

  @Test
  void takesTheFirstLevelThatThePlatformReaches() throws Exception {
    settings.needed = 8;
    assertThat(sgx().tcbStatus()).isEqualTo(TcbStatus.OUT_OF_DATE);
    assertThat(sgx().advisories()).containsExactly("INTEL-SA-OutOfDate");
    assertThat(tdx().tcbStatus()).isEqualTo(TcbStatus.OUT_OF_DATE);
  }

  @Test
  void takesTheLevelOfTheQuotingEnclave() throws Exception {
    settings.qeSvn = 6;
    assertThat(sgx().tcbStatus()).isEqualTo(TcbStatus.OUT_OF_DATE);
    settings.qeSvn = 5;
    assertRefused(this::sgx, "No TCB level of the quoting enclave");
  }

  @Test
  void takesTheLevelOfTheTdxModule() throws Exception {
    settings.teeTcbSvn[0] = 3;
    assertThat(tdx().tcbStatus()).isEqualTo(TcbStatus.OUT_OF_DATE);
    settings.teeTcbSvn[0] = 1;
    assertRefused(this::tdx, "No TCB level of TDX_01");
    settings.teeTcbSvn[1] = 2;
    assertRefused(this::tdx, "known as TDX_02");
  }

  @Test
  void judgesTheFirstTdxModuleByThePlatformsLevels() throws Exception {
    settings.teeTcbSvn[1] = 0;
    assertThat(tdx().tcbStatus()).isEqualTo(TcbStatus.UP_TO_DATE);
    settings.teeTcbSvn[0] = 3;
    assertRefused(this::tdx, "No TCB level in tcb_info");
  }

  @Test
  void refusesModulesThatIntelDidNotSign() {
    settings.mrSignerSeam[5] = 1;
    assertRefused(this::tdx, "known as TDX_01");
  }

  @Test
  void refusesQuotingEnclavesThatIntelDidNotSign() {
    settings.qeSigner[5] ^= 1;
    assertRefused(this::sgx, "not signed by qe_identity's enclave");
  }

  @Test
  void refusesRevokedCertificates() {
    for (Identity revoked : List.of(intel.pck(), intel.authority(), intel.tcbSigning())) {
      settings.revoked.clear();
      settings.revoked.add(revoked);
      assertRefused(this::sgx, "is revoked");
      assertRefused(this::tdx, "is revoked");
    }
  }

  @Test
  void refusesOldAndFutureCollateral() throws Exception {
    EvidenceVerifier verifier = intel.sgxVerifier();
    byte[] quote = intel.sgxQuote(MR_ENCLAVE, REPORT_DATA.asBytes());
    for (int days : new int[] {-1, 31}) {
      VerificationContext then =
          new VerificationContext(settings.issued.plus(Duration.ofDays(days)));
      assertRefused(() -> verifier.verify(quote, then), " at " + then.time());
    }
    verifier.verify(quote, new VerificationContext(settings.issued));
    verifier.verify(quote, new VerificationContext(settings.issued.plus(Duration.ofDays(30))));
  }

  @Test
  void refusesCollateralOfOtherPlatforms() {
    settings.fmspc = HashCode.fromString("00906ed50001");
    assertRefused(this::sgx, "No collateral for SGX platforms of FMSPC 00906ed50000");
  }

  @Test
  void refusesCollateralOfTheOtherKind() throws Exception {
    DcapCollateral collateral = DcapCollateral.read(intel.collateral(true), intel.root());
    EvidenceVerifier verifier = DcapVerifier.sgx(intel.root(), () -> ImmutableList.of(collateral));
    assertRefused(
        () -> verifier.verify(intel.sgxQuote(MR_ENCLAVE, REPORT_DATA.asBytes()), intel.context()),
        "No collateral for SGX");
  }

  @Test
  void judgesByTheNewestEvaluation() throws Exception {
    DcapCollateral older = DcapCollateral.read(intel.collateral(false), intel.root());
    settings.evaluation++;
    settings.tcbStatus = "OutOfDate";
    DcapCollateral newer = DcapCollateral.read(intel.collateral(false), intel.root());
    byte[] quote = intel.sgxQuote(MR_ENCLAVE, REPORT_DATA.asBytes());
    for (var all : List.of(ImmutableList.of(older, newer), ImmutableList.of(newer, older))) {
      assertThat(DcapVerifier.sgx(intel.root(), () -> all).verify(quote, intel.context()))
          .returns(TcbStatus.OUT_OF_DATE, VerifiedEvidence::tcbStatus);
    }
  }

  @Test
  void refusesCollateralThatAPlatformSigned() {
    settings.collateralSigner = intel.pck();
    assertRefused(this::sgx, "is not issued by");
    settings.collateralSigner =
        TestPki.leaf(
            "CN=Intel SGX PCK Certificate,O=Test",
            TestPki.ec("secp256r1"),
            intel.rootIdentity(),
            TestPki.ECDSA,
            List.of());
    assertRefused(this::sgx, "Collateral is not signed by \"Intel SGX TCB Signing\"");
  }

  @Test
  void refusesQuotesBelowAnotherRoot() throws Exception {
    EvidenceVerifier other = new TestDcap().sgxVerifier();
    byte[] quote = intel.sgxQuote(MR_ENCLAVE, REPORT_DATA.asBytes());
    assertRefused(() -> other.verify(quote, intel.context()), "do not lead to root of sha256:");
  }

  @Test
  void refusesRootsThatNobodyPinned() {
    byte[] own = intel.rootIdentity().encoded();
    assertRefused(() -> TrustedRoot.vendor(own), "No certificate of a pinned fingerprint");
    assertRefused(
        () -> TrustedRoot.pinned(own, ImmutableSet.of(HashCode.fromBytes(new byte[32]))),
        "pinned fingerprint");
    assertThat(intel.root().ofVendor()).isFalse();
  }

  @Test
  void refusesCollateralWithChangedBytes() throws Exception {
    byte[] collateral = intel.collateral(true);
    TrustedRoot root = intel.root();
    DcapCollateral.read(collateral, root);
    String text = new String(collateral, StandardCharsets.US_ASCII);
    BitSet hex = new BitSet();
    Matcher matcher = Pattern.compile("(_crl|_signature)\":\"[0-9a-f]+\"").matcher(text);
    while (matcher.find()) {
      hex.set(matcher.start(), matcher.end());
    }
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int at = 0; at < collateral.length; at += 1 + random.nextInt(10)) {
      int bit = 1 << random.nextInt(Byte.SIZE);
      // Whether a digit of hex is written large means nothing.
      if (!(hex.get(at) && Character.isLetter(collateral[at]) && bit == 0x20)) {
        byte[] changed = collateral.clone();
        changed[at] ^= (byte) bit;
        assertThatThrownBy(() -> DcapCollateral.read(changed, root))
            .as("bit %s of byte %s, seed %s", bit, at, seed)
            .isInstanceOf(EvidenceException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcb_info", "qe_identity", "pck_crl", "root_ca_crl"})
  void refusesCollateralThatLacksAPart(String part) {
    String collateral = new String(intel.collateral(false), StandardCharsets.UTF_8);
    byte[] without =
        collateral.replace("\"" + part + "\"", "\"else\"").getBytes(StandardCharsets.UTF_8);
    assertRefused(() -> DcapCollateral.read(without, intel.root()), "has no \"" + part + "\"");
  }

  @Test
  void refusesLengthsThatLie() throws Exception {
    EvidenceVerifier verifier = intel.sgxVerifier();
    byte[] quote = intel.sgxQuote(MR_ENCLAVE, REPORT_DATA.asBytes());
    // The signature data, the QE's authentication data, and the chain.
    for (int at : new int[] {432, 436 + 576, 436 + 578 + 32 + 2}) {
      for (byte[] length :
          new byte[][] {
            {0, 0}, {1, 0}, {(byte) 0xff, (byte) 0xff}, {(byte) 0xff, 0x7f}, {0, (byte) 0x80}
          }) {
        byte[] changed = quote.clone();
        System.arraycopy(length, 0, changed, at, 2);
        assertThatThrownBy(() -> verifier.verify(changed, intel.context()))
            .isInstanceOf(EvidenceException.class);
      }
    }
    byte[] huge = quote.clone();
    Arrays.fill(huge, 432, 436, (byte) 0xff);
    assertRefused(() -> verifier.verify(huge, intel.context()), "bytes are missing");
    assertRefused(
        () -> verifier.verify(Arrays.copyOf(quote, 1 << 16), intel.context()),
        "Longer than any quote");
  }

  @Test
  void acceptsWhatPlatformsFillUp() throws Exception {
    byte[] quote = intel.sgxQuote(MR_ENCLAVE, REPORT_DATA.asBytes());
    intel.sgxVerifier().verify(Arrays.copyOf(quote, quote.length + 100), intel.context());
  }

  @Test
  void refusesTheOtherKindOfQuote() throws Exception {
    byte[] sgx = intel.sgxQuote(MR_ENCLAVE, REPORT_DATA.asBytes());
    byte[] tdx = intel.tdxQuote(MR_TD, REPORT_DATA.asBytes());
    EvidenceVerifier sgxVerifier = intel.sgxVerifier();
    EvidenceVerifier tdxVerifier = intel.tdxVerifier();
    assertRefused(() -> sgxVerifier.verify(tdx, intel.context()), "A quote of version 4, not 3");
    assertRefused(() -> tdxVerifier.verify(sgx, intel.context()), "A quote of version 3, not 4");
    assertThat(sgxVerifier.format()).isEqualTo("sgx-dcap-v3");
    assertThat(tdxVerifier.format()).isEqualTo("tdx-dcap-v4");
  }
}
