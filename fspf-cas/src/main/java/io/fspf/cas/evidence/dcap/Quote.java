package io.fspf.cas.evidence.dcap;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.Certificates;
import io.fspf.cas.evidence.internal.Ecdsa;
import io.fspf.cas.evidence.internal.Fields;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/**
 * The parts of a quote that an attestation key with ECDSA P-256 signed, of version 3 (SGX) or 4
 * (TDX): the platform's PCK certified a report of the quoting enclave, which names the attestation
 * key, which signed the header and the body.
 */
final class Quote {
  private static final int HEADER = 48;
  private static final int ECDSA_P256 = 2;
  private static final int CERTIFICATE_CHAIN = 5;
  private static final int QE_REPORT = 6;
  private static final byte[] INTEL_QE = {
    (byte) 0x93,
    (byte) 0x9a,
    0x72,
    0x33,
    (byte) 0xf7,
    (byte) 0x9c,
    0x4c,
    (byte) 0xa9,
    (byte) 0x94,
    0x0a,
    0x0d,
    (byte) 0xb3,
    (byte) 0x95,
    0x7f,
    0x06,
    0x07
  };

  /** The largest quote, with what platforms fill up behind it. */
  private static final int MAX_LENGTH = 1 << 15;

  private final byte[] header;
  private final byte[] body;
  private final byte[] signature;
  private final byte[] attestationKey;
  private final byte[] qeReport;
  private final byte[] qeSignature;
  private final byte[] qeAuthentication;
  private final ImmutableList<X509Certificate> certificates;

  private Quote(
      byte[] header,
      byte[] body,
      byte[] signature,
      byte[] attestationKey,
      byte[] qeReport,
      byte[] qeSignature,
      byte[] qeAuthentication,
      ImmutableList<X509Certificate> certificates) {
    this.header = header;
    this.body = body;
    this.signature = signature;
    this.attestationKey = attestationKey;
    this.qeReport = qeReport;
    this.qeSignature = qeSignature;
    this.qeAuthentication = qeAuthentication;
    this.certificates = certificates;
  }

  /** A quote of the given kind, nothing of it verified yet. */
  static Quote read(Tee tee, byte[] quote) throws EvidenceException {
    if (quote.length > MAX_LENGTH) {
      throw new EvidenceException("Longer than any quote");
    }
    Fields fields = new Fields("Quote", quote);
    byte[] header = fields.take(HEADER);
    requireHeader(tee, new Fields("Quote header", header));
    byte[] body = fields.take(tee.bodyLength());
    Fields signed = fields.part("Quote signature data", fields.u32());
    // Platforms hand out a buffer of a fixed size that the quote does not fill.
    fields.zeros(fields.remaining());

    byte[] signature = signed.take(Ecdsa.P256.signatureLength());
    byte[] attestationKey = signed.take(Ecdsa.P256.signatureLength());
    Fields certified = signed;
    if (tee == Tee.TDX) {
      requireType(signed, QE_REPORT);
      certified = signed.part("QE report certification data", signed.u32());
      signed.requireEnd();
    }
    byte[] qeReport = certified.take(EnclaveReport.LENGTH);
    byte[] qeSignature = certified.take(Ecdsa.P256.signatureLength());
    byte[] qeAuthentication = certified.take(certified.u16());
    requireType(certified, CERTIFICATE_CHAIN);
    byte[] chain = certified.take(certified.u32());
    certified.requireEnd();
    return new Quote(
        header,
        body,
        signature,
        attestationKey,
        qeReport,
        qeSignature,
        qeAuthentication,
        Certificates.strictPem(chain));
  }

  private static void requireHeader(Tee tee, Fields header) throws EvidenceException {
    int version = header.u16();
    if (version != tee.quoteVersion()) {
      throw new EvidenceException("A quote of version " + version + ", not " + tee.quoteVersion());
    }
    int keyType = header.u16();
    if (keyType != ECDSA_P256) {
      throw new EvidenceException("An attestation key of type " + keyType + ", not ECDSA P-256");
    }
    if (header.u32() != tee.type()) {
      throw new EvidenceException("Not a quote of " + tee.tcbInfoId());
    }
    header.take(4); // QE and PCE SVN, judged by the QE's report and the PCK
    if (!Arrays.equals(header.take(INTEL_QE.length), INTEL_QE)) {
      throw new EvidenceException("Not a quote of Intel's quoting enclave");
    }
  }

  private static void requireType(Fields fields, int expected) throws EvidenceException {
    int type = fields.u16();
    if (type != expected) {
      throw new EvidenceException("Certification data of type " + type + ", not " + expected);
    }
  }

  /** The certificates that came along, from the PCK to a root. */
  ImmutableList<X509Certificate> certificates() {
    return certificates;
  }

  /** Follows the signatures from the PCK to the body, and returns the report of the QE. */
  EnclaveReport verify(PublicKey pck) throws EvidenceException {
    Ecdsa.P256.verify(pck, qeSignature, "the quoting enclave's report", qeReport);
    EnclaveReport report = EnclaveReport.read(qeReport);
    byte[] named =
        Hashing.sha256().hashBytes(Bytes.concat(attestationKey, qeAuthentication)).asBytes();
    if (!MessageDigest.isEqual(Arrays.copyOf(named, 64), report.reportData())) {
      throw new EvidenceException("The quoting enclave did not name this attestation key");
    }
    Ecdsa.P256.verify(Ecdsa.P256.key(attestationKey), signature, "the quote", header, body);
    return report;
  }

  /** The report of the program. To be believed after {@link #verify}. */
  byte[] body() {
    return body;
  }
}
