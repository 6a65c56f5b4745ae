package io.fspf.cas.evidence.dcap;

import com.google.common.collect.ImmutableList;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.Json;
import java.security.MessageDigest;

/** Which enclave may sign quotes, and how far its versions are up to date. */
final class QeIdentity {
  private record Level(int isvSvn, TcbLevel level) {}

  private final SignedInfo info;
  private final byte[] miscSelect;
  private final byte[] miscSelectMask;
  private final byte[] attributes;
  private final byte[] attributesMask;
  private final byte[] mrSigner;
  private final int isvProdId;
  private final ImmutableList<Level> levels;

  private QeIdentity(SignedInfo info, Json json, ImmutableList<Level> levels)
      throws EvidenceException {
    this.info = info;
    this.miscSelect = json.hex("miscselect", 4);
    this.miscSelectMask = json.hex("miscselectMask", 4);
    this.attributes = json.hex("attributes", 16);
    this.attributesMask = json.hex("attributesMask", 16);
    this.mrSigner = json.hex("mrsigner", 32);
    this.isvProdId = json.number("isvprodid", 0xffff);
    this.levels = levels;
  }

  static QeIdentity read(Tee tee, Json json) throws EvidenceException {
    ImmutableList.Builder<Level> levels = ImmutableList.builder();
    for (Json level : json.get("tcbLevels").list()) {
      levels.add(new Level(level.get("tcb").number("isvsvn", 0xffff), TcbLevel.read(level)));
    }
    return new QeIdentity(SignedInfo.read(json, tee.qeIdentityId(), 2), json, levels.build());
  }

  SignedInfo info() {
    return info;
  }

  /** What is known of the enclave of that report, which has to be this one. */
  TcbLevel judge(EnclaveReport report) throws EvidenceException {
    if (!Masks.equal(report.miscSelect(), miscSelect, miscSelectMask)
        || !Masks.equal(report.attributes(), attributes, attributesMask)
        || !MessageDigest.isEqual(report.mrSigner(), mrSigner)
        || report.isvProdId() != isvProdId) {
      throw new EvidenceException("The quote was not signed by " + info.what() + "'s enclave");
    }
    for (Level level : levels) {
      if (report.isvSvn() >= level.isvSvn()) {
        return level.level();
      }
    }
    throw new EvidenceException("No TCB level of the quoting enclave's version");
  }
}
