package io.fspf.cas.evidence.dcap;

import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.TrustedRoot;
import io.fspf.cas.evidence.internal.CertificateChain;
import io.fspf.cas.evidence.internal.Certificates;
import io.fspf.cas.evidence.internal.Ecdsa;
import io.fspf.cas.evidence.internal.Json;
import io.fspf.cas.evidence.internal.RevocationList;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * What Intel signs about the platforms of one model: revocation lists, TCB info and the quoting
 * enclave's identity. It comes from Intel's PCS or a cache of it, as one JSON object whose names
 * are those of {@code sgx_ql_qve_collateral_t}: the issuer chains in PEM, the lists and signatures
 * in hex, and {@code tcb_info} and {@code qe_identity} as texts, for they are signed as they were
 * written.
 *
 * <p>Reading verifies all signatures; whether it is in date is asked with each quote. It usually
 * holds for 30 days. Immutable.
 */
public final class DcapCollateral {
  static final String ALGORITHM = "SHA256withECDSA";

  private static final String TCB_SIGNING = "Intel SGX TCB Signing";

  private final TrustedRoot root;
  private final RevocationList rootRevocations;
  private final RevocationList pckRevocations;
  private final CertificateChain tcbSigner;
  private final CertificateChain qeSigner;
  private final X509Certificate pckAuthority;
  private final TcbInfo tcbInfo;
  private final QeIdentity qeIdentity;
  private final Tee tee;

  private DcapCollateral(Json json, TrustedRoot root) throws EvidenceException {
    this.root = root;
    this.rootRevocations =
        RevocationList.verify(json.hex("root_ca_crl"), root.certificate(), ALGORITHM);
    this.pckAuthority = authority(json.text("pck_crl_issuer_chain"));
    this.pckRevocations = RevocationList.verify(json.hex("pck_crl"), pckAuthority, ALGORITHM);
    this.tcbSigner = signer(json.text("tcb_info_issuer_chain"));
    this.qeSigner = signer(json.text("qe_identity_issuer_chain"));
    Json info = signed(json, "tcb_info", tcbSigner);
    Json identity = signed(json, "qe_identity", qeSigner);
    this.tee = info.text("id").equals(Tee.TDX.tcbInfoId()) ? Tee.TDX : Tee.SGX;
    this.tcbInfo = TcbInfo.read(tee, info);
    this.qeIdentity = QeIdentity.read(tee, identity);
  }

  /**
   * Collateral that leads to a root.
   *
   * @param json at most 1 MiB
   * @throws EvidenceException if it is malformed, or a signature does not match
   */
  public static DcapCollateral read(byte[] json, TrustedRoot root) throws EvidenceException {
    return new DcapCollateral(Json.read("Collateral", json), root);
  }

  /**
   * The authority below the root that the PCK revocations are of: it is one, so it signs no leaf.
   */
  private X509Certificate authority(String pem) throws EvidenceException {
    var chain = Certificates.strictPem(pem.getBytes(StandardCharsets.UTF_8));
    if (chain.size() != 2 || !root.is(chain.get(1))) {
      throw new EvidenceException(
          "The PCK revocation list's chain is not an authority and " + root);
    }
    CertificateChain.verifyAuthority(chain.get(0), root, ALGORITHM);
    return chain.get(0);
  }

  private CertificateChain signer(String pem) throws EvidenceException {
    CertificateChain chain =
        CertificateChain.verify(
            Certificates.strictPem(pem.getBytes(StandardCharsets.UTF_8)), root, ALGORITHM);
    // Platforms have certificates of the same root; they must not judge themselves.
    if (!root.is(chain.issuer()) || !Certificates.commonName(chain.leaf()).equals(TCB_SIGNING)) {
      throw new EvidenceException("Collateral is not signed by \"" + TCB_SIGNING + "\"");
    }
    return chain;
  }

  private static Json signed(Json json, String name, CertificateChain signer)
      throws EvidenceException {
    byte[] text = json.text(name).getBytes(StandardCharsets.UTF_8);
    byte[] signature = json.hex(name + "_signature", Ecdsa.P256.signatureLength());
    Ecdsa.P256.verify(signer.leaf().getPublicKey(), signature, name, text);
    return Json.read(name, text);
  }

  boolean isOf(Tee asked, PckCertificate pck, CertificateChain chain) {
    return tee == asked
        && tcbInfo.isOf(pck)
        && MessageDigest.isEqual(
            pckAuthority.getPublicKey().getEncoded(), chain.issuer().getPublicKey().getEncoded());
  }

  /** Refuses a PCK that is revoked, and collateral that is not of that time or revoked itself. */
  void check(CertificateChain pck, Instant time) throws EvidenceException {
    rootRevocations.requireValidAt(time);
    pckRevocations.requireValidAt(time);
    tcbSigner.requireValidAt(time);
    qeSigner.requireValidAt(time);
    tcbInfo.info().requireValidAt(time);
    qeIdentity.info().requireValidAt(time);
    rootRevocations.requireNotRevoked(pck.issuer());
    rootRevocations.requireNotRevoked(tcbSigner.leaf());
    rootRevocations.requireNotRevoked(qeSigner.leaf());
    pckRevocations.requireNotRevoked(pck.leaf());
  }

  TcbInfo tcbInfo() {
    return tcbInfo;
  }

  QeIdentity qeIdentity() {
    return qeIdentity;
  }
}
