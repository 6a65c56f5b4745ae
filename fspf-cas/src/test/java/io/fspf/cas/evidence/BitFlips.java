package io.fspf.cas.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;

/**
 * Changes evidence by single bits: one of each byte, or of each few bytes, or with the property
 * {@code fspf.evidence.allBits} each of each byte, which takes minutes.
 */
final class BitFlips {
  private static final boolean ALL = Boolean.getBoolean("fspf.evidence.allBits");

  private BitFlips() {}

  /** With about {@code step} bytes from one bit to the next. */
  static void assertRefused(
      EvidenceVerifier verifier, VerificationContext context, byte[] evidence, int step)
      throws Exception {
    assertThat(verifier.verify(evidence, context)).isNotNull();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int refused = 0;
    for (int at = 0; at < evidence.length; at += ALL ? 1 : 1 + random.nextInt(2 * step - 1)) {
      int chosen = random.nextInt(Byte.SIZE);
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        if (ALL || bit == chosen) {
          byte[] changed = evidence.clone();
          changed[at] ^= (byte) (1 << bit);
          assertRefused(verifier, context, changed, "bit " + bit + " of byte " + at, seed);
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(evidence.length / (3 * step));
    System.out.println(
        verifier.format()
            + ": refused with each of "
            + refused
            + " bits of "
            + evidence.length
            + " bytes changed");
  }

  static void assertRefusedCut(
      EvidenceVerifier verifier, VerificationContext context, byte[] evidence) {
    // What platforms fill up with zeros may be cut.
    int end = evidence.length;
    while (evidence[end - 1] == 0) {
      end--;
    }
    for (int length = 0; length < end; length += length < end - 64 ? 13 : 1) {
      assertRefused(verifier, context, Arrays.copyOf(evidence, length), "cut at " + length, 0);
    }
    byte[] longer = Arrays.copyOf(evidence, evidence.length + 1);
    longer[evidence.length] = 1;
    assertRefused(verifier, context, longer, "a byte more", 0);
  }

  private static void assertRefused(
      EvidenceVerifier verifier,
      VerificationContext context,
      byte[] changed,
      String how,
      long seed) {
    try {
      verifier.verify(changed, context);
    } catch (EvidenceException e) {
      assertThat(e).hasMessageMatching("(?s).+");
      return;
    }
    fail("Accepted with %s, seed %s", how, seed);
  }
}
