package io.fspf.cas.evidence.internal;

import com.google.common.collect.ImmutableList;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.TrustedRoot;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/**
 * Certificates from a leaf to a trusted root, each signed by the next: the checks of RFC 5280
 * section 6.1 that vendors' chains need, in place of the JDK's PKIX so that each has a reason of
 * its own and what does not depend on the time is done once. Names are compared, signatures
 * verified, basic constraints, key usage and critical extensions honoured. There are no policies
 * and no name constraints in these chains; marked critical, they are refused.
 */
public final class CertificateChain {
  private static final int KEY_CERT_SIGN = 5;
  private static final int MIN_RSA_BITS = 2048;
  private static final int MIN_EC_BITS = 256;

  private final ImmutableList<X509Certificate> certificates;

  private CertificateChain(ImmutableList<X509Certificate> certificates) {
    this.certificates = certificates;
  }

  /**
   * Verifies all that does not depend on the time.
   *
   * @param certificates from the leaf to the root, both included
   * @param algorithm the name in JCA of the algorithm that all of them are signed with
   */
  public static CertificateChain verify(
      List<X509Certificate> certificates, TrustedRoot root, String algorithm)
      throws EvidenceException {
    int last = certificates.size() - 1;
    if (last < 1 || !root.is(certificates.get(last))) {
      throw new EvidenceException("The certificates do not lead to " + root);
    }
    for (int i = last; i > 0; i--) {
      requireIssuer(certificates.get(i), i - 1);
      requireSigned(certificates.get(i - 1), certificates.get(i), algorithm);
    }
    X509Certificate leaf = certificates.get(0);
    if (leaf.getBasicConstraints() >= 0) {
      throw new EvidenceException(name(leaf) + " is no end of a chain, but an authority");
    }
    return new CertificateChain(ImmutableList.copyOf(certificates));
  }

  /** Verifies that a root issued an authority that may issue leaves. */
  public static void verifyAuthority(X509Certificate authority, TrustedRoot root, String algorithm)
      throws EvidenceException {
    requireIssuer(root.certificate(), 1);
    requireSigned(authority, root.certificate(), algorithm);
    requireIssuer(authority, 0);
  }

  private static void requireIssuer(X509Certificate issuer, int below) throws EvidenceException {
    if (issuer.getBasicConstraints() < below) {
      throw new EvidenceException(name(issuer) + " may not issue such a chain");
    }
    boolean[] usage = issuer.getKeyUsage();
    if (usage == null || !usage[KEY_CERT_SIGN]) {
      throw new EvidenceException(name(issuer) + " may not sign certificates");
    }
  }

  private static void requireSigned(
      X509Certificate certificate, X509Certificate issuer, String algorithm)
      throws EvidenceException {
    if (certificate.getVersion() != 3) {
      throw new EvidenceException(name(certificate) + " is not of X.509 version 3");
    }
    if (certificate.hasUnsupportedCriticalExtension()) {
      throw new EvidenceException(name(certificate) + " has a critical extension unknown here");
    }
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      throw new EvidenceException(name(certificate) + " is not issued by " + name(issuer));
    }
    if (!certificate.getSigAlgName().equals(algorithm)) {
      throw new EvidenceException(
          name(certificate) + " is signed with " + certificate.getSigAlgName());
    }
    requireStrongKey(issuer);
    requireStrongKey(certificate);
    try {
      certificate.verify(issuer.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new EvidenceException(name(certificate) + " is not signed by " + name(issuer), e);
    }
  }

  private static void requireStrongKey(X509Certificate certificate) throws EvidenceException {
    boolean strong = false;
    if (certificate.getPublicKey() instanceof RSAPublicKey key) {
      strong = key.getModulus().bitLength() >= MIN_RSA_BITS;
    } else if (certificate.getPublicKey() instanceof ECPublicKey key) {
      strong = key.getParams().getOrder().bitLength() >= MIN_EC_BITS;
    }
    if (!strong) {
      throw new EvidenceException(name(certificate) + " has a weak key");
    }
  }

  /** The certificate at the end. */
  public X509Certificate leaf() {
    return certificates.get(0);
  }

  /** The certificate that signed the leaf. */
  public X509Certificate issuer() {
    return certificates.get(1);
  }

  /** Refuses certificates that have expired by then or are not valid yet. */
  public void requireValidAt(Instant time) throws EvidenceException {
    for (X509Certificate certificate : certificates) {
      try {
        certificate.checkValidity(Date.from(time));
      } catch (CertificateExpiredException e) {
        throw new EvidenceException(name(certificate) + " has expired by " + time, e);
      } catch (CertificateNotYetValidException e) {
        throw new EvidenceException(name(certificate) + " is not valid yet at " + time, e);
      }
    }
  }

  private static String name(X509Certificate certificate) {
    return "Certificate \"" + certificate.getSubjectX500Principal().getName() + "\"";
  }
}
