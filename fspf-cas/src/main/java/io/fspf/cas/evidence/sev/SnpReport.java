package io.fspf.cas.evidence.sev;

import com.google.common.primitives.Bytes;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.Ecdsa;
import io.fspf.cas.evidence.internal.Fields;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Collections;

/** An attestation report of SEV-SNP firmware (AMD 56860, ATTESTATION_REPORT), versions 2 to 5. */
final class SnpReport {
  static final int LENGTH = 1184;

  /** Which key signed. */
  enum Signer {
    /** The chip's own, derived for its TCB. */
    VCEK,
    /** One that AMD gave to a cloud. */
    VLEK
  }

  private static final int SIGNED = 0x2a0;
  private static final int MIN_VERSION = 2;
  private static final int MAX_VERSION = 5;
  private static final int ECDSA_P384_SHA384 = 1;
  private static final int NUMBER = 72;
  private static final int MAX_VMPL = 3;

  private static final long POLICY_MIGRATION = 1L << 18;
  private static final long POLICY_DEBUG = 1L << 19;
  private static final int FLAG_MASK_CHIP = 1 << 1;
  private static final int FLAGS = 1 << 5;

  private final byte[] signed;
  private final byte[] signature;
  private final long policy;
  private final int vmpl;
  private final Signer signer;
  private final byte[] reportData;
  private final byte[] measurement;
  private final byte[] hostData;
  private final SnpTcb reportedTcb;
  private final byte[] chipId;

  private SnpReport(Fields fields, byte[] signed, byte[] signature) throws EvidenceException {
    this.signed = signed;
    this.signature = signature;
    long version = fields.u32();
    if (version < MIN_VERSION || version > MAX_VERSION) {
      throw new EvidenceException("A report of version " + version);
    }
    fields.u32(); // the guest's security version
    this.policy = fields.u64();
    fields.take(16); // family id
    fields.take(16); // image id
    this.vmpl = vmpl(fields.u32());
    if (fields.u32() != ECDSA_P384_SHA384) {
      throw new EvidenceException("A report not signed with ECDSA P-384");
    }
    fields.u64(); // current TCB
    fields.u64(); // platform info
    this.signer = signer(fields.u32());
    fields.zeros(4);
    this.reportData = fields.take(64);
    this.measurement = fields.take(48);
    this.hostData = fields.take(32);
    fields.take(48); // digest of the key that signed the ID block
    fields.take(48); // digest of that key's author
    fields.take(32); // report id
    fields.take(32); // report id of the migration agent
    this.reportedTcb = SnpTcb.ofReport(fields.u64());
    fields.take(24); // the CPU's model since version 3, reserved
    this.chipId = fields.take(64);
  }

  private static int vmpl(long level) throws EvidenceException {
    // The host can ask for reports too, and then another number stands here.
    if (level > MAX_VMPL) {
      throw new EvidenceException("A report that no guest asked for");
    }
    return (int) level;
  }

  private static Signer signer(long flags) throws EvidenceException {
    if (flags >= FLAGS) {
      throw new EvidenceException("A report with flags unknown here");
    }
    int key = (int) flags >> 2;
    if (key >= Signer.values().length) {
      throw new EvidenceException("A report that neither VCEK nor VLEK signed");
    }
    Signer signer = Signer.values()[key];
    if (signer == Signer.VCEK && (flags & FLAG_MASK_CHIP) != 0) {
      throw new EvidenceException("A report that hides which chip signed it");
    }
    return signer;
  }

  /** A report of 1184 bytes, nothing of it verified yet. */
  static SnpReport read(byte[] report) throws EvidenceException {
    Fields fields = new Fields("Report", report);
    byte[] signed = fields.take(SIGNED);
    byte[] r = number(fields);
    byte[] s = number(fields);
    fields.zeros(512 - 2 * NUMBER);
    fields.requireEnd();
    return new SnpReport(new Fields("Report", signed), signed, Bytes.concat(r, s));
  }

  /** A number as the firmware writes it, little-endian with room to spare, in big-endian. */
  private static byte[] number(Fields fields) throws EvidenceException {
    int length = Ecdsa.P384.signatureLength() / 2;
    byte[] number = fields.take(length);
    fields.zeros(NUMBER - length);
    Collections.reverse(Bytes.asList(number));
    return number;
  }

  void verify(PublicKey key) throws EvidenceException {
    Ecdsa.P384.verify(key, signature, "the report", signed);
  }

  Signer signer() {
    return signer;
  }

  boolean debug() {
    return (policy & POLICY_DEBUG) != 0;
  }

  boolean migratable() {
    return (policy & POLICY_MIGRATION) != 0;
  }

  long policy() {
    return policy;
  }

  int vmpl() {
    return vmpl;
  }

  byte[] reportData() {
    return reportData.clone();
  }

  byte[] measurement() {
    return measurement.clone();
  }

  byte[] hostData() {
    return hostData.clone();
  }

  SnpTcb reportedTcb() {
    return reportedTcb;
  }

  boolean isOfChip(byte[] id) {
    return Arrays.equals(chipId, id);
  }
}
