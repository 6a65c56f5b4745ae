package io.fspf.cas.evidence;

/** What kind of machinery measured a program and signed for it. */
public enum Platform {
  /** An Intel SGX enclave; its measurement is MRENCLAVE, 32 bytes. */
  SGX("sgx"),
  /** An Intel TDX trust domain. */
  TDX("tdx"),
  /** An AMD SEV-SNP guest; its measurement is the launch digest, 48 bytes. */
  SEV_SNP("sev-snp"),
  /** None: a program that says of itself what it is. Only for trying things out. */
  SIMULATION("simulation");

  private final String id;

  Platform(String id) {
    this.id = id;
  }

  /** The name in sessions and receipts. */
  public String id() {
    return id;
  }
}
