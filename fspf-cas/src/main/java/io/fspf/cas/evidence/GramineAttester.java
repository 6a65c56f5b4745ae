package io.fspf.cas.evidence;

import com.google.common.base.Preconditions;
import io.fspf.cas.evidence.dcap.DcapVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Has SGX sign for an enclave that Gramine runs, by its pseudo-files: what is written to {@code
 * user_report_data} stands in the quote that is read from {@code quote}. Tested on a directory that
 * behaves so; untested on hardware. Thread-safe.
 */
public final class GramineAttester implements Attester {
  /** Where Gramine has the files. */
  public static final Path DEVICE = Path.of("/dev/attestation");

  /** The files are one for the whole process, and the second needs what the first was given. */
  private static final Object LOCK = new Object();

  private static final int REPORT_DATA = 48 + 320;

  private final Path device;

  /** An attester that uses the files in the given directory. */
  public GramineAttester(Path device) {
    this.device = device;
  }

  @Override
  public String format() {
    return DcapVerifier.SGX;
  }

  @Override
  public byte[] attest(byte[] reportData) throws IOException {
    Preconditions.checkArgument(
        reportData.length == VerifiedEvidence.REPORT_DATA_LENGTH, "Report data has 64 bytes");
    synchronized (LOCK) {
      byte[] kind = PseudoFiles.read(device.resolve("attestation_type"));
      String name = new String(kind, StandardCharsets.US_ASCII).strip();
      if (!name.equals("dcap")) {
        throw new IOException("Gramine attests by \"" + name + "\", not by dcap");
      }
      PseudoFiles.write(device.resolve("user_report_data"), reportData);
      byte[] quote = PseudoFiles.read(device.resolve("quote"));
      int end = REPORT_DATA + reportData.length;
      if (quote.length < end
          || !Arrays.equals(quote, REPORT_DATA, end, reportData, 0, reportData.length)) {
        throw new IOException("Gramine's quote is not of the report data that was written");
      }
      return quote;
    }
  }

  /** Whether the files are there. */
  public boolean available() {
    return Files.exists(device.resolve("quote"));
  }
}
