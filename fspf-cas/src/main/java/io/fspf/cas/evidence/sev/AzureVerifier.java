package io.fspf.cas.evidence.sev;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.EvidenceVerifier;
import io.fspf.cas.evidence.Platform;
import io.fspf.cas.evidence.Supplied;
import io.fspf.cas.evidence.VerificationContext;
import io.fspf.cas.evidence.VerifiedEvidence;

/**
 * Verifies reports of SEV-SNP guests on Azure, as their vTPM hands them out. The certificate of the
 * chip has to be supplied; it does not come along.
 *
 * <p>What is not verified: what the guest booted. The launch digest is the paravisor's, the guest
 * is measured by the vTPM, and no TPM quote is read here. So the measurement names one virtual
 * machine ({@link Platform#AZURE_SEV_SNP}) and its owner is trusted for what runs in it.
 * Thread-safe.
 */
public final class AzureVerifier implements EvidenceVerifier {
  /** The format. */
  public static final String FORMAT = "azure-sev-snp";

  private final SnpSignatures signatures;

  /**
   * A verifier.
   *
   * @param certificates of the generations that are trusted, asked for with each report
   */
  public AzureVerifier(Supplied<SevCertificates> certificates) {
    this.signatures = new SnpSignatures(certificates);
  }

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public VerifiedEvidence verify(byte[] evidence, VerificationContext context)
      throws EvidenceException {
    AzureReport azure = AzureReport.read(evidence.clone());
    SnpReport report = azure.report();
    SnpSignatures.Verified verified =
        signatures.verify(report, CertificateTable.EMPTY, context.time());
    byte[] machine = Bytes.concat(report.measurement(), azure.attestationKey());
    return new VerifiedEvidence(
        Platform.AZURE_SEV_SNP,
        Hashing.sha384().hashBytes(machine),
        HashCode.fromBytes(azure.userData()),
        report.debug(),
        verified.status(),
        ImmutableSet.of(),
        ImmutableMap.<String, String>builder()
            .putAll(verified.details())
            .put("launch-digest", HashCode.fromBytes(report.measurement()).toString())
            .buildOrThrow());
  }
}
