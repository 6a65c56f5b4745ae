package io.fspf.cas.evidence.internal;

import io.fspf.cas.evidence.EvidenceException;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;

/** A complete revocation list (RFC 5280 section 5) that its issuer signed. */
public final class RevocationList {
  private static final int CRL_SIGN = 6;

  private final X509CRL list;

  private RevocationList(X509CRL list) {
    this.list = list;
  }

  /**
   * Verifies all that does not depend on the time.
   *
   * @param algorithm the name in JCA of the algorithm that it is signed with
   */
  public static RevocationList verify(byte[] encoded, X509Certificate issuer, String algorithm)
      throws EvidenceException {
    X509CRL list = Certificates.revocationList(encoded);
    boolean[] usage = issuer.getKeyUsage();
    if (usage == null || !usage[CRL_SIGN]) {
      throw new EvidenceException("The issuer of a revocation list may not sign any");
    }
    if (!list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      throw new EvidenceException(name(list) + " is not issued by the authority asked about");
    }
    // Deltas and partial lists say by a critical extension that they are not complete.
    if (list.hasUnsupportedCriticalExtension() || !noneCritical(list)) {
      throw new EvidenceException(name(list) + " is not a complete list");
    }
    if (!list.getSigAlgName().equals(algorithm)) {
      throw new EvidenceException(name(list) + " is signed with " + list.getSigAlgName());
    }
    try {
      list.verify(issuer.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new EvidenceException(name(list) + " is not signed by its issuer", e);
    }
    return new RevocationList(list);
  }

  private static boolean noneCritical(X509CRL list) {
    var critical = list.getCriticalExtensionOIDs();
    return critical == null || critical.isEmpty();
  }

  /** Refuses a list that is not of that time. */
  public void requireValidAt(Instant time) throws EvidenceException {
    Date next = list.getNextUpdate();
    if (list.getThisUpdate().toInstant().isAfter(time)) {
      throw new EvidenceException(name(list) + " is not valid yet at " + time);
    }
    if (next == null || next.toInstant().isBefore(time)) {
      throw new EvidenceException(name(list) + " is out of date at " + time);
    }
  }

  /** Refuses a certificate of the issuer that is on the list. */
  public void requireNotRevoked(X509Certificate certificate) throws EvidenceException {
    if (!certificate.getIssuerX500Principal().equals(list.getIssuerX500Principal())) {
      throw new EvidenceException(name(list) + " is not about the certificate");
    }
    if (list.getRevokedCertificate(certificate.getSerialNumber()) != null) {
      throw new EvidenceException(
          "Certificate \""
              + certificate.getSubjectX500Principal().getName()
              + "\" of serial number "
              + certificate.getSerialNumber().toString(16)
              + " is revoked");
    }
  }

  private static String name(X509CRL list) {
    return "The revocation list of \"" + list.getIssuerX500Principal().getName() + "\"";
  }
}
