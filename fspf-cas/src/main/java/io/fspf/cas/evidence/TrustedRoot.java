package io.fspf.cas.evidence;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.fspf.cas.evidence.internal.Certificates;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Set;

/**
 * A certificate that chains may end in: one that the user supplied and whose fingerprint was known
 * before, so that neither a changed file nor a mistaken download becomes trusted.
 */
public final class TrustedRoot {
  /** SHA-256 fingerprints of the vendors' certificates in DER, by their names. */
  private static final ImmutableMap<HashCode, String> VENDORS =
      ImmutableMap.of(
          HashCode.fromString("44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3"),
          "Intel SGX Root CA",
          HashCode.fromString("69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd"),
          "ARK-Milan",
          HashCode.fromString("4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1"),
          "ARK-Genoa");

  private final X509Certificate certificate;
  private final byte[] encoded;
  private final HashCode fingerprint;

  private TrustedRoot(X509Certificate certificate, byte[] encoded, HashCode fingerprint) {
    this.certificate = certificate;
    this.encoded = encoded;
    this.fingerprint = fingerprint;
  }

  /**
   * The root of a vendor among the certificates of a file: Intel's SGX root CA, or AMD's ARK for
   * Milan or Genoa.
   *
   * @param file PEM, of one or more certificates, or one certificate in DER
   * @throws EvidenceException if there is none, or not exactly one, whose fingerprint is pinned
   *     here
   */
  public static TrustedRoot vendor(byte[] file) throws EvidenceException {
    return find(file, VENDORS.keySet());
  }

  /**
   * A root of someone's own, such as a test's.
   *
   * @param file as for {@link #vendor}
   * @param fingerprints SHA-256 of the DER encoding of each that it may be
   * @throws EvidenceException if the file does not have exactly one such certificate
   */
  public static TrustedRoot pinned(byte[] file, Set<HashCode> fingerprints)
      throws EvidenceException {
    return find(file, fingerprints);
  }

  private static TrustedRoot find(byte[] file, Iterable<HashCode> pins) throws EvidenceException {
    TrustedRoot found = null;
    for (X509Certificate certificate : Certificates.read(file)) {
      byte[] encoded = Certificates.encoded(certificate);
      HashCode fingerprint = Hashing.sha256().hashBytes(encoded);
      if (Iterables.any(pins, pin -> MessageDigest.isEqual(pin.asBytes(), fingerprint.asBytes()))) {
        if (found != null) {
          throw new EvidenceException("More than one root certificate in a file");
        }
        found = new TrustedRoot(certificate, encoded, fingerprint);
      }
    }
    if (found == null) {
      throw new EvidenceException("No certificate of a pinned fingerprint in the file");
    }
    return found;
  }

  /** The certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** SHA-256 of its DER encoding. */
  public HashCode fingerprint() {
    return fingerprint;
  }

  /** Whether a vendor's fingerprint pins it, not the user's. */
  public boolean ofVendor() {
    return VENDORS.containsKey(fingerprint);
  }

  /** Whether the given certificate is this one, byte for byte. */
  public boolean is(X509Certificate other) throws EvidenceException {
    return MessageDigest.isEqual(encoded, Certificates.encoded(other));
  }

  /** A vendor's name for it, or the fingerprint. */
  @Override
  public String toString() {
    String name = VENDORS.get(fingerprint);
    return name == null ? "root of sha256:" + fingerprint : name;
  }
}
