package io.fspf.cas.evidence.sev;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.HashCode;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.Supplied;
import io.fspf.cas.evidence.TcbStatus;
import io.fspf.cas.evidence.internal.CertificateChain;
import io.fspf.cas.evidence.sev.SnpReport.Signer;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Follows signatures from a report to a root, whatever the report is wrapped in. */
final class SnpSignatures {
  /** What is known of a report that is signed as it should be. */
  record Verified(TcbStatus status, ImmutableMap<String, String> details) {}

  private final Supplied<SevCertificates> certificates;

  SnpSignatures(Supplied<SevCertificates> certificates) {
    this.certificates = certificates;
  }

  Verified verify(SnpReport report, CertificateTable table, Instant time) throws EvidenceException {
    ImmutableList<SevCertificates> known = certificates.get();
    X509Certificate signer = signer(report, table, known);
    SevCertificates generation = generation(signer, known);
    CertificateChain chain = generation.chain(signer, time);
    requireKnown(table, generation, time);
    Endorsement endorsement = Endorsement.read(chain, generation.root().certificate());
    endorsement.requireFor(report);
    report.verify(signer.getPublicKey());
    boolean old = !generation.isNewEnough(report.reportedTcb());
    ImmutableMap<String, String> details =
        ImmutableMap.<String, String>builder()
            .put("root", generation.root().toString())
            .put("signed-by", report.signer().toString())
            .put("holder", endorsement.holder())
            .put("revocation", generation.revocable() ? "checked" : "not checked")
            .put("tcb", report.reportedTcb().toString())
            .put("policy", Long.toHexString(report.policy()))
            .put("migratable", Boolean.toString(report.migratable()))
            .put("vmpl", Integer.toString(report.vmpl()))
            .put("host-data", HashCode.fromBytes(report.hostData()).toString())
            .buildOrThrow();
    return new Verified(old ? TcbStatus.OUT_OF_DATE : TcbStatus.UP_TO_DATE, details);
  }

  /** The certificate that came along, or else one that was supplied. */
  private static X509Certificate signer(
      SnpReport report, CertificateTable table, ImmutableList<SevCertificates> known)
      throws EvidenceException {
    UUID kind = report.signer() == Signer.VCEK ? CertificateTable.VCEK : CertificateTable.VLEK;
    X509Certificate along = table.certificates().get(kind);
    if (along != null) {
      return along;
    }
    for (SevCertificates generation : known) {
      Endorsement supplied = generation.endorsementOf(report);
      if (supplied != null) {
        return supplied.certificate();
      }
    }
    throw new EvidenceException("No certificate of the " + report.signer() + " that signed");
  }

  private static SevCertificates generation(
      X509Certificate certificate, ImmutableList<SevCertificates> known) throws EvidenceException {
    for (SevCertificates generation : known) {
      if (generation.issuerOf(certificate) != null) {
        return generation;
      }
    }
    throw new EvidenceException(
        "No certificate of " + certificate.getIssuerX500Principal().getName() + " was supplied");
  }

  /** A table's other certificates are not needed; they are not to say something else either. */
  private static void requireKnown(CertificateTable table, SevCertificates generation, Instant time)
      throws EvidenceException {
    for (Map.Entry<UUID, X509Certificate> entry : table.certificates().entrySet()) {
      UUID kind = entry.getKey();
      if (kind.equals(CertificateTable.ASK) || kind.equals(CertificateTable.ARK)) {
        generation.requireKnown(entry.getValue());
      } else if (kind.equals(CertificateTable.VCEK) || kind.equals(CertificateTable.VLEK)) {
        generation.chain(entry.getValue(), time);
      } else {
        throw new EvidenceException("A certificate table with an entry " + kind);
      }
    }
  }
}
