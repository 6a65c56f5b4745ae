package io.fspf.cas.evidence.dcap;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.EvidenceVerifier;
import io.fspf.cas.evidence.Platform;
import io.fspf.cas.evidence.Supplied;
import io.fspf.cas.evidence.TcbStatus;
import io.fspf.cas.evidence.TrustedRoot;
import io.fspf.cas.evidence.VerificationContext;
import io.fspf.cas.evidence.VerifiedEvidence;
import io.fspf.cas.evidence.internal.CertificateChain;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Verifies quotes of Intel DCAP: the PCK's chain to Intel's root and its revocation, the quoting
 * enclave's report, identity and version, the attestation key's signature, and the platform's TCB
 * level, all with collateral that the user supplied and that is in date. Certification data other
 * than a chain in PEM (type 5) is refused, and so are quotes of version 5.
 *
 * <p>What it does not say: which quote of a program is the newest, so a challenge has to stand in
 * the report data; and whether two platforms are one. Thread-safe.
 */
public final class DcapVerifier implements EvidenceVerifier {
  /** The format of SGX quotes. */
  public static final String SGX = "sgx-dcap-v3";

  /** The format of TDX quotes. */
  public static final String TDX = "tdx-dcap-v4";

  private final Tee tee;
  private final TrustedRoot root;
  private final Supplied<DcapCollateral> collateral;

  private DcapVerifier(Tee tee, TrustedRoot root, Supplied<DcapCollateral> collateral) {
    this.tee = tee;
    this.root = root;
    this.collateral = collateral;
  }

  /**
   * A verifier of quotes of version 3.
   *
   * @param collateral what is there for the platforms' models, asked for with each quote
   */
  public static DcapVerifier sgx(TrustedRoot root, Supplied<DcapCollateral> collateral) {
    return new DcapVerifier(Tee.SGX, root, collateral);
  }

  /**
   * A verifier of quotes of version 4 of trust domains.
   *
   * @param collateral as for {@link #sgx}
   */
  public static DcapVerifier tdx(TrustedRoot root, Supplied<DcapCollateral> collateral) {
    return new DcapVerifier(Tee.TDX, root, collateral);
  }

  @Override
  public String format() {
    return tee == Tee.SGX ? SGX : TDX;
  }

  @Override
  public VerifiedEvidence verify(byte[] evidence, VerificationContext context)
      throws EvidenceException {
    Quote quote = Quote.read(tee, evidence.clone());
    CertificateChain chain =
        CertificateChain.verify(quote.certificates(), root, DcapCollateral.ALGORITHM);
    chain.requireValidAt(context.time());
    PckCertificate pck = PckCertificate.read(chain);
    DcapCollateral known = collateralOf(pck, chain);
    known.check(chain, context.time());
    EnclaveReport quoting = quote.verify(chain.leaf().getPublicKey());
    TcbLevel quotingLevel = known.qeIdentity().judge(quoting);
    return tee == Tee.SGX
        ? enclave(EnclaveReport.read(quote.body()), pck, known, quotingLevel)
        : domain(TdReport.read(quote.body()), pck, known, quotingLevel);
  }

  /** Of several, the one by Intel's newest evaluation. */
  private DcapCollateral collateralOf(PckCertificate pck, CertificateChain chain)
      throws EvidenceException {
    return collateral.get().stream()
        .filter(each -> each.isOf(tee, pck, chain))
        .max(
            Comparator.comparing((DcapCollateral each) -> each.tcbInfo().info().evaluation())
                .thenComparing(each -> each.tcbInfo().info().issued()))
        .orElseThrow(
            () ->
                new EvidenceException(
                    "No collateral for "
                        + tee.tcbInfoId()
                        + " platforms of FMSPC "
                        + HashCode.fromBytes(pck.fmspc())));
  }

  private VerifiedEvidence enclave(
      EnclaveReport report, PckCertificate pck, DcapCollateral known, TcbLevel quoting)
      throws EvidenceException {
    ImmutableMap<String, String> details =
        details(pck, known)
            .put("mrsigner", hex(report.mrSigner()))
            .put("isv-prod-id", Integer.toString(report.isvProdId()))
            .put("isv-svn", Integer.toString(report.isvSvn()))
            .put("attributes", hex(report.attributes()))
            .put("config-id", hex(report.configId()))
            .put("config-svn", Integer.toString(report.configSvn()))
            .buildOrThrow();
    return verified(
        Platform.SGX,
        report.mrEnclave(),
        report.reportData(),
        report.debug(),
        details,
        known.tcbInfo().judge(pck),
        quoting);
  }

  private VerifiedEvidence domain(
      TdReport report, PckCertificate pck, DcapCollateral known, TcbLevel quoting)
      throws EvidenceException {
    ImmutableMap.Builder<String, String> details =
        details(pck, known)
            .put("mrtd", hex(report.mrTd()))
            .put("settings", hex(report.settings()))
            .put("td-attributes", hex(report.tdAttributes()))
            .put("xfam", hex(report.xfam()));
    for (int i = 0; i < 4; i++) {
      int from = i * TdReport.REGISTER;
      details.put(
          "rtmr" + i, hex(Arrays.copyOfRange(report.rtMrs(), from, from + TdReport.REGISTER)));
    }
    byte[] registers = Bytes.concat(report.mrTd(), report.settings(), report.rtMrs());
    return verified(
        Platform.TDX,
        Hashing.sha384().hashBytes(registers).asBytes(),
        report.reportData(),
        report.debug(),
        details.buildOrThrow(),
        known.tcbInfo().judge(pck, report.teeTcbSvn()),
        known.tcbInfo().modules().judge(report),
        quoting);
  }

  private ImmutableMap.Builder<String, String> details(PckCertificate pck, DcapCollateral known) {
    return ImmutableMap.<String, String>builder()
        .put("root", root.toString())
        .put("fmspc", hex(pck.fmspc()))
        .put("tcb-evaluation", Integer.toString(known.tcbInfo().info().evaluation()));
  }

  private static VerifiedEvidence verified(
      Platform platform,
      byte[] measurement,
      byte[] reportData,
      boolean debug,
      ImmutableMap<String, String> details,
      TcbLevel... levels) {
    TcbStatus status = TcbStatus.UP_TO_DATE;
    ImmutableSet.Builder<String> advisories = ImmutableSet.builder();
    for (TcbLevel level : levels) {
      status = status.with(level.status());
      advisories.addAll(level.advisories());
    }
    return new VerifiedEvidence(
        platform,
        HashCode.fromBytes(measurement),
        HashCode.fromBytes(reportData),
        debug,
        status,
        advisories.build(),
        details);
  }

  private static String hex(byte[] bytes) {
    return HashCode.fromBytes(bytes).toString();
  }
}
