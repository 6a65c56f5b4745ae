package io.fspf.cas.evidence.sev;

import com.google.common.base.Preconditions;
import com.google.common.hash.HashCode;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.CertificateChain;
import io.fspf.cas.evidence.internal.Certificates;
import io.fspf.cas.evidence.sev.SnpReport.Signer;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.jspecify.annotations.Nullable;

/**
 * What AMD certified of a VCEK or VLEK (AMD 57230, section 3): for which chip or cloud and for
 * which security versions the key was derived. Milan and Genoa only: later generations lay out
 * their TCB otherwise.
 */
final class Endorsement {
  private static final String AMD = "1.3.6.1.4.1.3704.1";
  private static final int CHIP_ID = 64;

  private final X509Certificate certificate;
  private final Signer signer;
  private final SnpTcb tcb;
  private final byte @Nullable [] chipId;
  private final String holder;

  private Endorsement(X509Certificate certificate, Signer signer) throws EvidenceException {
    this.certificate = certificate;
    this.signer = signer;
    this.tcb = new SnpTcb(version(1), version(2), version(3), version(8));
    this.chipId = signer == Signer.VCEK ? chip(required(AMD + ".4")) : null;
    this.holder =
        chipId == null ? text(required(AMD + ".5")) : HashCode.fromBytes(chipId).toString();
  }

  /** Reads what stands in the certificate at the end of a chain to that root. */
  static Endorsement read(CertificateChain chain, X509Certificate root) throws EvidenceException {
    String name = Certificates.commonName(chain.leaf());
    for (Signer signer : Signer.values()) {
      if (name.equals("SEV-" + signer)) {
        Endorsement endorsement = new Endorsement(chain.leaf(), signer);
        endorsement.requireIssuer(chain, root);
        return endorsement;
      }
    }
    throw new EvidenceException("Not a certificate of a VCEK or VLEK, but of " + name);
  }

  /** Refuses an issuer that is not AMD's for keys of this kind and generation. */
  private void requireIssuer(CertificateChain chain, X509Certificate root)
      throws EvidenceException {
    String authority = Certificates.commonName(chain.issuer());
    String prefix = signer == Signer.VCEK ? "SEV-" : "SEV-VLEK-";
    String product = text(required(AMD + ".2"));
    int stepping = product.indexOf('-');
    String generation = stepping < 0 ? product : product.substring(0, stepping);
    if (!authority.equals(prefix + generation)
        || !Certificates.commonName(root).equals("ARK-" + generation)) {
      throw new EvidenceException(
          "A " + signer + " of " + product + " that " + authority + " certified");
    }
  }

  /** Whether that report may be signed with this key. */
  boolean isFor(SnpReport report) {
    return report.signer() == signer
        && report.reportedTcb().equals(tcb)
        && (chipId == null || report.isOfChip(chipId));
  }

  /** Refuses a report that this key is not for, and says why. */
  void requireFor(SnpReport report) throws EvidenceException {
    if (report.signer() != signer) {
      throw new EvidenceException("A report of a " + report.signer() + " with a " + signer);
    }
    if (!report.reportedTcb().equals(tcb)) {
      throw new EvidenceException(
          "A report of TCB " + report.reportedTcb() + " with a " + signer + " of " + tcb);
    }
    if (chipId != null && !report.isOfChip(chipId)) {
      throw new EvidenceException("A report of another chip than its VCEK");
    }
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** The chip's identity in hex, or the cloud's name. */
  String holder() {
    return holder;
  }

  private int version(int number) throws EvidenceException {
    String oid = AMD + ".3." + number;
    try {
      int version =
          Certificates.asn1(required(oid), ASN1Integer.class, "extension " + oid).intValueExact();
      Preconditions.checkArgument(version >= 0 && version <= 0xff);
      return version;
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new EvidenceException("Extension " + oid + " is out of range", e);
    }
  }

  private static byte[] chip(byte[] extension) throws EvidenceException {
    // AMD writes the bytes bare; the profile's text says that they are in an octet string.
    byte[] id =
        extension.length == CHIP_ID
            ? extension
            : Certificates.asn1(extension, ASN1OctetString.class, "chip id").getOctets();
    if (id.length != CHIP_ID || Arrays.equals(id, new byte[CHIP_ID])) {
      throw new EvidenceException("A VCEK without a chip id");
    }
    return id;
  }

  private static String text(byte[] extension) throws EvidenceException {
    return Certificates.asn1(extension, ASN1IA5String.class, "text of AMD").getString();
  }

  private byte[] required(String oid) throws EvidenceException {
    byte[] extension = Certificates.extension(certificate, oid);
    if (extension == null) {
      throw new EvidenceException("A " + signer + " without extension " + oid);
    }
    return extension;
  }
}
