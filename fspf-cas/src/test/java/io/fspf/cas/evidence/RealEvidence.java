package io.fspf.cas.evidence;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Bytes;
import io.fspf.cas.evidence.dcap.DcapCollateral;
import io.fspf.cas.evidence.dcap.DcapVerifier;
import io.fspf.cas.evidence.sev.AzureVerifier;
import io.fspf.cas.evidence.sev.SevCertificates;
import io.fspf.cas.evidence.sev.SnpVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/**
 * Evidence that hardware signed, with the verifiers for it. It lies beside the repository, or where
 * the property {@code fspf.evidence} says, and tests are skipped where it does not.
 */
public enum RealEvidence {
  /** An SGX quote of version 3. */
  SGX("2025-06-20T00:00:00Z"),
  /** A TDX quote of version 4. */
  TDX("2025-06-20T00:00:00Z"),
  /** A report with its VCEK, of a guest that may be debugged. */
  SEV_DEBUG("2023-06-01T00:00:00Z"),
  /** A report with its VCEK in a table, as a host hands it out. */
  SEV_VCEK("2024-06-01T00:00:00Z"),
  /** A report with a cloud's key in a table. */
  SEV_VLEK("2025-06-01T00:00:00Z"),
  /** A report in Azure's wrapping. */
  AZURE("2024-06-01T00:00:00Z");

  private static final String PROPERTY = "fspf.evidence";

  private final Instant time;

  RealEvidence(String time) {
    this.time = Instant.parse(time);
  }

  /** A moment at which everything about it was valid. */
  public VerificationContext context() {
    return new VerificationContext(time);
  }

  /** The evidence as it goes over the wire. */
  public byte[] evidence() {
    return switch (this) {
      case SGX -> file("dcap-qvl/sgx_quote");
      case TDX -> file("dcap-qvl/tdx_quote");
      case SEV_DEBUG -> file("go-sev-guest/attestation.bin");
      case SEV_VCEK ->
          withTable(
              file("trustee/test-report.bin"),
              "63da758d-e664-4564-adc5-f4b93be8accd",
              file("trustee/test-vcek.der"));
      case SEV_VLEK ->
          withTable(
              file("trustee/test-vlek-report.bin"),
              "a8074bc2-a25a-483e-aae6-39c045a0b8a1",
              file("trustee/test-vlek.der"));
      case AZURE -> file("trustee/hcl-report.bin");
    };
  }

  /** A verifier that has all that it needs. */
  public EvidenceVerifier verifier() throws EvidenceException {
    return switch (this) {
      case SGX -> {
        ImmutableList<DcapCollateral> collateral = ImmutableList.of(collateral("sgx"));
        yield DcapVerifier.sgx(intel(), () -> collateral);
      }
      case TDX -> {
        ImmutableList<DcapCollateral> collateral = ImmutableList.of(collateral("tdx"));
        yield DcapVerifier.tdx(intel(), () -> collateral);
      }
      case SEV_DEBUG, SEV_VCEK, SEV_VLEK -> {
        ImmutableList<SevCertificates> certificates = ImmutableList.of(milan());
        yield new SnpVerifier(() -> certificates);
      }
      case AZURE -> {
        ImmutableList<SevCertificates> certificates = ImmutableList.of(milan());
        yield new AzureVerifier(() -> certificates);
      }
    };
  }

  /** Intel's root. */
  public static TrustedRoot intel() throws EvidenceException {
    return TrustedRoot.vendor(file("dcap-qvl/TrustedRootCA.der"));
  }

  private static DcapCollateral collateral(String tee) throws EvidenceException {
    return DcapCollateral.read(file("dcap-qvl/" + tee + "_quote_collateral.json"), intel());
  }

  private static SevCertificates milan() throws EvidenceException {
    return SevCertificates.below(TrustedRoot.vendor(file("go-sev-guest/ask_ark_milan.pem")))
        .authorities(file("go-sev-guest/ask_ark_milan.pem"))
        .authorities(file("go-sev-guest/ask_ark_milan_vlek.pem"))
        .endorsements(file("go-sev-guest/vcek.testcer"))
        .endorsements(vcek(file("trustee/vcek.pem")))
        .withoutRevocations()
        .build();
  }

  /** The first certificate of a file that also has those above it. */
  private static byte[] vcek(byte[] pem) {
    String end = "-----END CERTIFICATE-----\n";
    String text = new String(pem, StandardCharsets.US_ASCII);
    return text.substring(0, text.indexOf(end) + end.length()).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] withTable(byte[] report, String kind, byte[] certificate) {
    UUID id = UUID.fromString(kind);
    byte[] header =
        ByteBuffer.allocate(48)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(48)
            .putInt(certificate.length)
            .array();
    return Bytes.concat(report, header, certificate);
  }

  /** A file of the samples; skips the test where there are none. */
  static byte[] file(String name) {
    Path folder = folder();
    assumeTrue(Files.isDirectory(folder), "No samples of evidence beside the repository: skipped");
    try {
      return Files.readAllBytes(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    // A test runs in its module's folder, and that lies in the repository's.
    return Path.of(System.getProperty(PROPERTY, "../../shared/evidence"));
  }
}
