package io.fspf.cas.evidence;

/** What kind of machinery measured a program and signed for it. */
public enum Platform {
  /** An Intel SGX enclave; its measurement is MRENCLAVE, 32 bytes. */
  SGX("sgx"),
  /**
   * An Intel TDX trust domain; its measurement is the SHA-384 of MRTD, MRCONFIGID, MROWNER,
   * MROWNERCONFIG and the four RTMRs, 48 bytes. MRTD alone names the firmware only, whatever that
   * booted.
   */
  TDX("tdx"),
  /** An AMD SEV-SNP guest; its measurement is the launch digest, 48 bytes. */
  SEV_SNP("sev-snp"),
  /**
   * An AMD SEV-SNP guest below Azure's paravisor. The launch digest names the paravisor, which all
   * guests there share, so the measurement is the SHA-384 of the launch digest and the modulus of
   * the guest's vTPM attestation key, 48 bytes: one virtual machine, whatever it booted.
   */
  AZURE_SEV_SNP("azure-sev-snp"),
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
