package io.fspf.cas.evidence.sev;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.EvidenceVerifier;
import io.fspf.cas.evidence.Platform;
import io.fspf.cas.evidence.VerificationContext;
import io.fspf.cas.evidence.VerifiedEvidence;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies reports of SEV-SNP guests: the chain of the VCEK or VLEK to AMD's root, that the key is
 * that chip's and of the reported security versions, and the report's signature. Evidence is a
 * report, and behind it, if the host gave one, the certificate table: what Linux hands out as
 * {@code outblob} and {@code auxblob}.
 *
 * <p>AMD says of no version that it is up to date: the user says which are too old. The processor
 * generations are Milan and Genoa. Thread-safe.
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
   * @param minimum older platforms are out of date; null if none is
   */
  public SnpVerifier(
      Supplier<? extends Iterable<SevCertificates>> certificates, @Nullable SnpTcb minimum) {
    this.signatures = new SnpSignatures(certificates, minimum);
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
