package io.fspf.cas.evidence.sev;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.EvidenceVerifier;
import io.fspf.cas.evidence.Platform;
import io.fspf.cas.evidence.Supplied;
import io.fspf.cas.evidence.VerificationContext;
import io.fspf.cas.evidence.VerifiedEvidence;
import java.util.Arrays;

/**
 * Verifies reports of SEV-SNP guests: the chain of the VCEK or VLEK to AMD's root, that the key is
 * that chip's and of the reported security versions, and the report's signature. Evidence is a
 * report, and behind it, if the host gave one, the certificate table: what Linux hands out as
 * {@code outblob} and {@code auxblob}.
 *
 * <p>What is not verified: which privilege level (VMPL) of the guest asked for the report; the
 * result names it. The processor generations are Milan and Genoa. Thread-safe.
 */
public final class SnpVerifier implements EvidenceVerifier {
  /** The format. */
  public static final String FORMAT = "sev-snp";

  /** The largest evidence: a report and a table of some pages. */
  private static final int MAX_LENGTH = 1 << 16;

  private final SnpSignatures signatures;

  /**
   * A verifier.
   *
   * @param certificates of the generations that are trusted, asked for with each report
   */
  public SnpVerifier(Supplied<SevCertificates> certificates) {
    this.signatures = new SnpSignatures(certificates);
  }

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public VerifiedEvidence verify(byte[] evidence, VerificationContext context)
      throws EvidenceException {
    if (evidence.length < SnpReport.LENGTH || evidence.length > MAX_LENGTH) {
      throw new EvidenceException("Not as long as a report with its certificates");
    }
    SnpReport report = SnpReport.read(Arrays.copyOf(evidence, SnpReport.LENGTH));
    CertificateTable table =
        evidence.length == SnpReport.LENGTH
            ? CertificateTable.EMPTY
            : CertificateTable.read(
                Arrays.copyOfRange(evidence, SnpReport.LENGTH, evidence.length));
    SnpSignatures.Verified verified = signatures.verify(report, table, context.time());
    return new VerifiedEvidence(
        Platform.SEV_SNP,
        HashCode.fromBytes(report.measurement()),
        HashCode.fromBytes(report.reportData()),
        report.debug(),
        verified.status(),
        ImmutableSet.of(),
        verified.details());
  }
}
