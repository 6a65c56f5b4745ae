package io.fspf.cas.evidence.internal;

import com.google.common.collect.ImmutableList;
import io.fspf.cas.evidence.EvidenceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.jspecify.annotations.Nullable;

/** Reads certificates and revocation lists. Nothing here says that they are to be trusted. */
public final class Certificates {
  /** The largest file of certificates, in bytes. */
  private static final int MAX_FILE = 1 << 16;

  /** The largest certificate, in bytes. */
  private static final int MAX_CERTIFICATE = 1 << 13;

  private static final int MAX_CERTIFICATES = 8;
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";
  private static final String END = "\n-----END CERTIFICATE-----\n";

  private Certificates() {}

  /** The certificates of a user's file: PEM, or one in DER. */
  public static ImmutableList<X509Certificate> read(byte[] file) throws EvidenceException {
    requireSize(file, MAX_FILE);
    try {
      ImmutableList.Builder<X509Certificate> found = ImmutableList.builder();
      for (var certificate : factory().generateCertificates(new ByteArrayInputStream(file))) {
        found.add(der(certificate.getEncoded()));
      }
      ImmutableList<X509Certificate> all = found.build();
      if (all.isEmpty()) {
        throw new EvidenceException("A file without certificates");
      }
      return all;
    } catch (CertificateException e) {
      throw new EvidenceException("Not a file of certificates", e);
    }
  }

  /**
   * One certificate that is encoded in the one way that DER allows: no bit of evidence may be
   * changed and still mean the same.
   */
  public static X509Certificate der(byte[] encoded) throws EvidenceException {
    requireSize(encoded, MAX_CERTIFICATE);
    requireDer(encoded);
    try {
      X509Certificate certificate =
          (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(encoded));
      if (!Arrays.equals(encoded(certificate), encoded)) {
        throw new EvidenceException("A certificate is not what it was read from");
      }
      return certificate;
    } catch (CertificateException e) {
      throw new EvidenceException("Not a certificate", e);
    }
  }

  /**
   * The certificates of a text in PEM as platforms write it: lines of 64 characters, nothing
   * before, between or after, but for one zero byte that C leaves at the end.
   */
  public static ImmutableList<X509Certificate> strictPem(byte[] text) throws EvidenceException {
    requireSize(text, MAX_FILE);
    int length = text.length > 0 && text[text.length - 1] == 0 ? text.length - 1 : text.length;
    String all = new String(text, 0, length, StandardCharsets.ISO_8859_1);
    if (!all.endsWith("\n")) {
      all += "\n";
    }
    ImmutableList.Builder<X509Certificate> found = ImmutableList.builder();
    int at = 0;
    for (int n = 0; at < all.length(); n++) {
      int end = all.indexOf(END, at);
      if (n == MAX_CERTIFICATES || end < 0 || !all.startsWith(BEGIN, at)) {
        throw new EvidenceException("Not a chain of certificates in PEM");
      }
      String body = all.substring(at + BEGIN.length(), end);
      byte[] encoded;
      try {
        encoded = Base64.getDecoder().decode(body.replace("\n", ""));
      } catch (IllegalArgumentException e) {
        throw new EvidenceException("A certificate is not in Base64", e);
      }
      if (!Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded).equals(body)) {
        throw new EvidenceException("A certificate is not in the usual form of PEM");
      }
      found.add(der(encoded));
      at = end + END.length();
    }
    ImmutableList<X509Certificate> chain = found.build();
    if (chain.isEmpty()) {
      throw new EvidenceException("A chain without certificates");
    }
    return chain;
  }

  /** A revocation list in DER. */
  public static X509CRL revocationList(byte[] encoded) throws EvidenceException {
    requireSize(encoded, 1 << 20);
    requireDer(encoded);
    try {
      return (X509CRL) factory().generateCRL(new ByteArrayInputStream(encoded));
    } catch (CertificateException | CRLException e) {
      throw new EvidenceException("Not a revocation list", e);
    }
  }

  /** The certificate in DER. */
  public static byte[] encoded(X509Certificate certificate) throws EvidenceException {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new EvidenceException("A certificate cannot be encoded", e);
    }
  }

  /** The common name of the subject. */
  public static String commonName(X509Certificate certificate) throws EvidenceException {
    try {
      RDN[] names =
          X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
              .getRDNs(BCStyle.CN);
      if (names.length == 1 && !names[0].isMultiValued()) {
        return IETFUtils.valueToString(names[0].getFirst().getValue());
      }
    } catch (IllegalArgumentException e) {
      throw new EvidenceException("A certificate's name is malformed", e);
    }
    throw new EvidenceException("A certificate does not have one common name");
  }

  /** The contents of an extension, or null. */
  public static byte @Nullable [] extension(X509Certificate certificate, String oid)
      throws EvidenceException {
    byte[] wrapped = certificate.getExtensionValue(oid);
    return wrapped == null
        ? null
        : asn1(wrapped, ASN1OctetString.class, "extension " + oid).getOctets();
  }

  /** One value of ASN.1, with nothing after it. */
  public static <T extends ASN1Primitive> T asn1(byte[] encoded, Class<T> type, String what)
      throws EvidenceException {
    try {
      ASN1Primitive value = ASN1Primitive.fromByteArray(encoded);
      if (type.isInstance(value)) {
        return type.cast(value);
      }
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new EvidenceException("Malformed: " + what, e);
    }
    throw new EvidenceException("Malformed: " + what);
  }

  /**
   * Refuses what is not the one encoding of a signed thing: what is signed, how, and a signature of
   * whole bytes, of whose unused bits Java would ignore the number.
   */
  private static void requireDer(byte[] encoded) throws EvidenceException {
    byte[] again;
    boolean signed;
    try {
      ASN1Primitive value = ASN1Primitive.fromByteArray(encoded);
      again = value.getEncoded(ASN1Encoding.DER);
      signed =
          value instanceof ASN1Sequence parts
              && parts.size() == 3
              && parts.getObjectAt(2) instanceof ASN1BitString signature
              && signature.getPadBits() == 0;
    } catch (IOException | RuntimeException e) {
      // Bouncy Castle reads some parts late, and says then with what it likes that they are bad.
      throw new EvidenceException("Not in DER", e);
    }
    if (!signed || !Arrays.equals(again, encoded)) {
      throw new EvidenceException("Not in the one form of DER");
    }
  }

  private static void requireSize(byte[] bytes, int limit) throws EvidenceException {
    if (bytes.length > limit) {
      throw new EvidenceException("More than " + limit + " bytes of certificates");
    }
  }

  private static CertificateFactory factory() throws CertificateException {
    return CertificateFactory.getInstance("X.509");
  }
}
