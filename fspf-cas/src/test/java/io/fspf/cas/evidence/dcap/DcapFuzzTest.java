package io.fspf.cas.evidence.dcap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.TestDcap;
import io.fspf.cas.evidence.TrustedRoot;
import java.util.Arrays;

/** Any bytes as a quote of each kind, and as collateral: refused by the one declared exception. */
class DcapFuzzTest {
  private static final TrustedRoot ROOT = new TestDcap().root();

  @FuzzTest
  void quote(byte[] input) {
    for (Tee tee : Tee.values()) {
      try {
        Quote quote = Quote.read(tee, input);
        if (quote.body().length != tee.bodyLength()) {
          throw new AssertionError(Arrays.toString(quote.body()));
        }
        quote.verify(quote.certificates().get(0).getPublicKey());
      } catch (EvidenceException e) {
        // Refused.
      }
    }
    try {
      DcapCollateral.read(input, ROOT);
      throw new AssertionError("Collateral that nobody signed");
    } catch (EvidenceException e) {
      // Refused.
    }
  }
}
