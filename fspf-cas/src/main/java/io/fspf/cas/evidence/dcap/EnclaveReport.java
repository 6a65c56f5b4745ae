package io.fspf.cas.evidence.dcap;

import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.Fields;

/**
 * The body of a report of an SGX enclave.
 *
 * @param cpuSvn the security versions of the CPU, 16 bytes
 * @param miscSelect which state the CPU saves on exits, 4 bytes
 * @param attributes FLAGS and XFRM, 16 bytes
 * @param mrEnclave what was loaded, 32 bytes
 * @param mrSigner who signed it, 32 bytes
 * @param isvProdId the signer's number of the product
 * @param isvSvn the signer's security version of it
 * @param reportData 64 bytes of the enclave's own
 * @param configId what was configured on launch (KSS), 64 bytes
 * @param configSvn its version
 */
record EnclaveReport(
    byte[] cpuSvn,
    byte[] miscSelect,
    byte[] attributes,
    byte[] mrEnclave,
    byte[] mrSigner,
    int isvProdId,
    int isvSvn,
    byte[] reportData,
    byte[] configId,
    int configSvn) {

  static final int LENGTH = 384;

  private static final int INITIALIZED = 1;
  private static final int DEBUG = 1 << 1;

  static EnclaveReport read(byte[] body) throws EvidenceException {
    Fields fields = new Fields("Enclave report", body);
    byte[] cpuSvn = fields.take(16);
    byte[] miscSelect = fields.take(4);
    fields.zeros(12);
    fields.take(16); // ISVEXTPRODID
    byte[] attributes = fields.take(16);
    byte[] mrEnclave = fields.take(32);
    fields.zeros(32);
    byte[] mrSigner = fields.take(32);
    fields.zeros(32);
    byte[] configId = fields.take(64);
    int isvProdId = fields.u16();
    int isvSvn = fields.u16();
    int configSvn = fields.u16();
    fields.zeros(42);
    fields.take(16); // ISVFAMILYID
    byte[] reportData = fields.take(64);
    fields.requireEnd();
    if ((attributes[0] & INITIALIZED) == 0) {
      throw new EvidenceException("The enclave is not initialized");
    }
    return new EnclaveReport(
        cpuSvn,
        miscSelect,
        attributes,
        mrEnclave,
        mrSigner,
        isvProdId,
        isvSvn,
        reportData,
        configId,
        configSvn);
  }

  boolean debug() {
    return (attributes[0] & DEBUG) != 0;
  }
}
