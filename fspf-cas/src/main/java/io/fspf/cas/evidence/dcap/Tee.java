package io.fspf.cas.evidence.dcap;

/** The two kinds of quotes, and how they name themselves. */
enum Tee {
  SGX("SGX", "QE", 3, 0, EnclaveReport.LENGTH),
  TDX("TDX", "TD_QE", 4, 0x81, TdReport.LENGTH);

  private final String tcbInfoId;
  private final String qeIdentityId;
  private final int quoteVersion;
  private final int type;
  private final int bodyLength;

  Tee(String tcbInfoId, String qeIdentityId, int quoteVersion, int type, int bodyLength) {
    this.tcbInfoId = tcbInfoId;
    this.qeIdentityId = qeIdentityId;
    this.quoteVersion = quoteVersion;
    this.type = type;
    this.bodyLength = bodyLength;
  }

  String tcbInfoId() {
    return tcbInfoId;
  }

  String qeIdentityId() {
    return qeIdentityId;
  }

  int quoteVersion() {
    return quoteVersion;
  }

  /** The type in the header; in version 3 the same bytes are reserved and zero. */
  int type() {
    return type;
  }

  int bodyLength() {
    return bodyLength;
  }
}
