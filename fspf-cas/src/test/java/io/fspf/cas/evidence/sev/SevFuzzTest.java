package io.fspf.cas.evidence.sev;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fspf.cas.evidence.EvidenceException;
import java.util.Arrays;

/**
 * Any bytes as a report, as a table of certificates, as both behind each other, and as a report in
 * Azure's wrapping: refused by the one declared exception.
 */
class SevFuzzTest {
  @FuzzTest
  void report(byte[] input) {
    refusedOrRead(() -> SnpReport.read(input));
    refusedOrRead(() -> CertificateTable.read(input));
    refusedOrRead(() -> AzureReport.read(input));
    if (input.length > SnpReport.LENGTH) {
      refusedOrRead(() -> SnpReport.read(Arrays.copyOf(input, SnpReport.LENGTH)));
      refusedOrRead(
          () -> CertificateTable.read(Arrays.copyOfRange(input, SnpReport.LENGTH, input.length)));
    }
  }

  private interface Parser {
    Object read() throws EvidenceException;
  }

  private static void refusedOrRead(Parser parser) {
    try {
      if (parser.read().toString().isEmpty()) {
        throw new AssertionError("Nothing was read");
      }
    } catch (EvidenceException e) {
      // Refused.
    }
  }
}
