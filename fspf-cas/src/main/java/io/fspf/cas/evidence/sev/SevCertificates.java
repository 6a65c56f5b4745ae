package io.fspf.cas.evidence.sev;

import com.google.common.collect.ImmutableList;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.TrustedRoot;
import io.fspf.cas.evidence.internal.CertificateChain;
import io.fspf.cas.evidence.internal.Certificates;
import io.fspf.cas.evidence.internal.RevocationList;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What AMD certified for one generation of processors, as its KDS hands it out: the root (ARK), the
 * authorities of chips and of clouds below it (ASK, ASVK), the revocation list, and certificates of
 * single chips for platforms that do not bring theirs along. To do without the revocation list has
 * to be said. AMD says of no version that it is up to date: the user says which are too old.
 * Immutable.
 */
public final class SevCertificates {
  static final String ALGORITHM = "RSASSA-PSS";

  private final TrustedRoot root;
  private final ImmutableList<X509Certificate> authorities;
  private final ImmutableList<Endorsement> endorsements;
  private final @Nullable RevocationList revocations;
  private final @Nullable SnpTcb minimum;

  private SevCertificates(Builder builder) throws EvidenceException {
    this.root = builder.root;
    this.authorities = builder.authorities.build();
    this.revocations = builder.revocations;
    this.minimum = builder.minimum;
    ImmutableList.Builder<Endorsement> supplied = ImmutableList.builder();
    for (X509Certificate certificate : builder.endorsements.build()) {
      supplied.add(Endorsement.read(chain(certificate), root.certificate()));
    }
    this.endorsements = supplied.build();
  }

  /** Starts with a root. */
  public static Builder below(TrustedRoot root) {
    return new Builder(root);
  }

  TrustedRoot root() {
    return root;
  }

  /** A certificate that was supplied for that report, or null. */
  @Nullable Endorsement endorsementOf(SnpReport report) {
    for (Endorsement endorsement : endorsements) {
      if (endorsement.isFor(report)) {
        return endorsement;
      }
    }
    return null;
  }

  /** The authority that issued a certificate by its name, or null. */
  @Nullable X509Certificate issuerOf(X509Certificate certificate) {
    for (X509Certificate authority : authorities) {
      if (authority.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
        return authority;
      }
    }
    return null;
  }

  /** Refuses certificates that came along but are not these. */
  void requireKnown(X509Certificate certificate) throws EvidenceException {
    if (!root.is(certificate) && !authorities.contains(certificate)) {
      throw new EvidenceException(
          "A table with another "
              + Certificates.commonName(certificate)
              + " than the one supplied");
    }
  }

  /** The way from a certificate to the root, in force at that time. */
  CertificateChain chain(X509Certificate leaf, Instant time) throws EvidenceException {
    CertificateChain chain = chain(leaf);
    chain.requireValidAt(time);
    if (revocations != null) {
      revocations.requireValidAt(time);
      revocations.requireNotRevoked(chain.issuer());
    }
    return chain;
  }

  private CertificateChain chain(X509Certificate leaf) throws EvidenceException {
    X509Certificate issuer = issuerOf(leaf);
    if (issuer == null) {
      throw new EvidenceException(
          "No certificate of " + leaf.getIssuerX500Principal().getName() + " was supplied");
    }
    return CertificateChain.verify(
        ImmutableList.of(leaf, issuer, root.certificate()), root, ALGORITHM);
  }

  /** Whether the user does not call that out of date. */
  boolean isNewEnough(SnpTcb tcb) {
    return minimum == null || tcb.isAtLeast(minimum);
  }

  /** Whether revocation is looked at. */
  boolean revocable() {
    return revocations != null;
  }

  /** Collects certificates, and verifies what can be verified at once. */
  public static final class Builder {
    private final TrustedRoot root;
    private final ImmutableList.Builder<X509Certificate> authorities = ImmutableList.builder();
    private final ImmutableList.Builder<X509Certificate> endorsements = ImmutableList.builder();
    private @Nullable RevocationList revocations;
    private @Nullable SnpTcb minimum;
    private boolean decided;

    private Builder(TrustedRoot root) {
      this.root = root;
    }

    /**
     * Adds authorities below the root.
     *
     * @param file PEM, such as KDS's {@code cert_chain}; the root may be among them
     */
    public Builder authorities(byte[] file) throws EvidenceException {
      List<X509Certificate> certificates = Certificates.read(file);
      for (X509Certificate certificate : certificates) {
        if (!root.is(certificate)) {
          CertificateChain.verifyAuthority(certificate, root, ALGORITHM);
          authorities.add(certificate);
        }
      }
      return this;
    }

    /**
     * Adds certificates of chips or clouds.
     *
     * @param file PEM, or one in DER
     */
    public Builder endorsements(byte[] file) throws EvidenceException {
      endorsements.addAll(Certificates.read(file));
      return this;
    }

    /**
     * Sets the revocation list of the root.
     *
     * @param list in DER, such as KDS's {@code crl}
     */
    public Builder revocations(byte[] list) throws EvidenceException {
      revocations = RevocationList.verify(list, root.certificate(), ALGORITHM);
      decided = true;
      return this;
    }

    /** Goes without a revocation list: what AMD revoked is accepted. Evidence says so. */
    public Builder withoutRevocations() {
      revocations = null;
      decided = true;
      return this;
    }

    /** Sets below which security versions a platform is out of date; without, none is. */
    public Builder minimum(SnpTcb versions) {
      minimum = versions;
      return this;
    }

    /**
     * The certificates.
     *
     * @throws EvidenceException if an endorsement does not lead to the root
     * @throws IllegalStateException if neither a revocation list was set nor the choice made to go
     *     without
     */
    public SevCertificates build() throws EvidenceException {
      if (!decided) {
        throw new IllegalStateException("Neither a revocation list nor the choice to have none");
      }
      return new SevCertificates(this);
    }
  }
}
