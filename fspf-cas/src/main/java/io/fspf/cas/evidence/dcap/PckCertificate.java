package io.fspf.cas.evidence.dcap;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.CertificateChain;
import io.fspf.cas.evidence.internal.Certificates;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;

/**
 * What Intel certified of a platform: its model and the security versions that its key was derived
 * for (Intel PCK certificate and CRL profile, section 1.3.5).
 *
 * @param fmspc family, model, stepping, platform and custom SKU, 6 bytes
 * @param pceId which provisioning certification enclave, 2 bytes
 * @param components the 16 security versions of the platform's parts
 * @param pceSvn the security version of the provisioning certification enclave
 */
record PckCertificate(byte[] fmspc, byte[] pceId, ImmutableIntArray components, int pceSvn) {
  static final int COMPONENTS = 16;

  private static final String SGX = "1.2.840.113741.1.13.1";
  private static final String TCB = SGX + ".2";
  private static final ImmutableSet<String> AUTHORITIES =
      ImmutableSet.of("Intel SGX PCK Platform CA", "Intel SGX PCK Processor CA");

  /** Reads a PCK certificate off a chain that leads to Intel's root. */
  static PckCertificate read(CertificateChain chain) throws EvidenceException {
    X509Certificate certificate = chain.leaf();
    // The root has other offspring; only these two authorities certify platforms.
    if (!Certificates.commonName(certificate).equals("Intel SGX PCK Certificate")
        || !AUTHORITIES.contains(Certificates.commonName(chain.issuer()))) {
      throw new EvidenceException("The quote is not certified by a PCK");
    }
    byte[] extension = Certificates.extension(certificate, SGX);
    if (extension == null) {
      throw new EvidenceException("A PCK without its SGX extensions");
    }
    try {
      Map<String, ASN1Encodable> values =
          pairs(Certificates.asn1(extension, ASN1Sequence.class, "SGX extensions"));
      Map<String, ASN1Encodable> tcb = pairs(ASN1Sequence.getInstance(get(values, TCB)));
      ImmutableIntArray.Builder components = ImmutableIntArray.builder(COMPONENTS);
      for (int i = 1; i <= COMPONENTS; i++) {
        components.add(number(get(tcb, TCB + "." + i), 0xff));
      }
      return new PckCertificate(
          octets(get(values, SGX + ".4"), 6),
          octets(get(values, SGX + ".3"), 2),
          components.build(),
          number(get(tcb, TCB + ".17"), 0xffff));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new EvidenceException("The PCK's SGX extensions are malformed", e);
    }
  }

  private static Map<String, ASN1Encodable> pairs(ASN1Sequence sequence) throws EvidenceException {
    Map<String, ASN1Encodable> pairs = new HashMap<>();
    for (ASN1Encodable element : sequence) {
      ASN1Sequence pair = ASN1Sequence.getInstance(element);
      if (pair.size() != 2
          || pairs.put(
                  ASN1ObjectIdentifier.getInstance(pair.getObjectAt(0)).getId(),
                  pair.getObjectAt(1))
              != null) {
        throw new EvidenceException("The PCK's SGX extensions are not pairs, each once");
      }
    }
    return pairs;
  }

  private static ASN1Encodable get(Map<String, ASN1Encodable> pairs, String oid)
      throws EvidenceException {
    ASN1Encodable value = pairs.get(oid);
    if (value == null) {
      throw new EvidenceException("The PCK's SGX extensions lack " + oid);
    }
    return value;
  }

  private static int number(ASN1Encodable value, int max) throws EvidenceException {
    int number = ASN1Integer.getInstance(value).intValueExact();
    if (number < 0 || number > max) {
      throw new EvidenceException("A security version of the PCK is out of range");
    }
    return number;
  }

  private static byte[] octets(ASN1Encodable value, int length) throws EvidenceException {
    byte[] octets = ASN1OctetString.getInstance(value).getOctets();
    if (octets.length != length) {
      throw new EvidenceException("An identifier of the PCK does not have " + length + " bytes");
    }
    return octets;
  }
}
