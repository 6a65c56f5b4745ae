package io.fspf.cas.evidence.sev;

import com.google.common.hash.Hashing;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.Fields;
import io.fspf.cas.evidence.internal.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * What Azure's paravisor keeps in the vTPM (NV index 0x01400001): a report, and the runtime data
 * that its report data is the SHA-256 of, with the key that the vTPM signs quotes with and 64 bytes
 * of the guest's own (Microsoft, "Guest attestation for confidential VMs", attestation report
 * format).
 */
final class AzureReport {
  private static final byte[] SIGNATURE = "HCLA".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 32;
  private static final int DATA_HEADER = 20;
  private static final int REPORT_REQUEST = 2;
  private static final int SNP = 2;
  private static final int SHA_256 = 1;
  private static final int MIN_MODULUS = 256;
  private static final int MAX_LENGTH = 1 << 14;

  private final SnpReport report;
  private final byte[] attestationKey;
  private final byte[] userData;

  private AzureReport(SnpReport report, byte[] runtimeData) throws EvidenceException {
    this.report = report;
    // The report names the data; until its signature is verified that says nothing.
    byte[] named = Arrays.copyOf(Hashing.sha256().hashBytes(runtimeData).asBytes(), 64);
    if (!MessageDigest.isEqual(named, report.reportData())) {
      throw new EvidenceException("The runtime data is not what the report names");
    }
    Json json = Json.read("Runtime data", runtimeData);
    this.attestationKey = attestationKey(json);
    this.userData = json.hex("user-data", 64);
  }

  static AzureReport read(byte[] blob) throws EvidenceException {
    if (blob.length > MAX_LENGTH) {
      throw new EvidenceException("Longer than any report of Azure's");
    }
    Fields fields = new Fields("Azure report", blob);
    require(Arrays.equals(fields.take(SIGNATURE.length), SIGNATURE), "signature");
    long version = fields.u32();
    require(version == 1 || version == 2, "version");
    long length = fields.u32();
    require(fields.u32() == REPORT_REQUEST, "request type");
    require(fields.u32() == 0, "status");
    fields.zeros(12);
    byte[] report = fields.take(SnpReport.LENGTH);
    long dataLength = fields.u32();
    require(fields.u32() == 1, "runtime data version");
    require(fields.u32() == SNP, "report type");
    require(fields.u32() == SHA_256, "hash type");
    long runtimeLength = fields.u32();
    require(dataLength == DATA_HEADER + runtimeLength, "runtime data length");
    require(length == HEADER + SnpReport.LENGTH + dataLength, "length");
    byte[] runtimeData = fields.take(runtimeLength);
    fields.zeros(fields.remaining());
    return new AzureReport(SnpReport.read(report), runtimeData);
  }

  private static void require(boolean condition, String field) throws EvidenceException {
    if (!condition) {
      throw new EvidenceException("Azure report: not the " + field + " that it should have");
    }
  }

  private static byte[] attestationKey(Json json) throws EvidenceException {
    byte[] found = null;
    for (Json key : json.get("keys").list()) {
      if (key.text("kid").equals("HCLAkPub")) {
        if (found != null || !key.text("kty").equals("RSA")) {
          throw new EvidenceException("Not one attestation key in the runtime data");
        }
        try {
          found = Base64.getUrlDecoder().decode(key.text("n"));
        } catch (IllegalArgumentException e) {
          throw new EvidenceException("The attestation key is not in Base64", e);
        }
      }
    }
    if (found == null || found.length < MIN_MODULUS) {
      throw new EvidenceException("No attestation key in the runtime data");
    }
    return found;
  }

  SnpReport report() {
    return report;
  }

  /** The modulus of the vTPM's attestation key. */
  byte[] attestationKey() {
    return attestationKey.clone();
  }

  /** What the guest had signed along. */
  byte[] userData() {
    return userData.clone();
  }
}
