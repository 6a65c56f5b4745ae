package io.fspf.cas.evidence;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what a {@link SimulationAttester} says, which proves nothing. The result says so by its
 * platform; sessions have to ask for it, and a service in hardware mode has no such verifier.
 */
public final class SimulationVerifier implements EvidenceVerifier {
  /** A verifier; it keeps nothing. */
  public SimulationVerifier() {}

  @Override
  public String format() {
    return SimulationAttester.FORMAT;
  }

  @Override
  public VerifiedEvidence verify(byte[] evidence, VerificationContext context)
      throws EvidenceException {
    byte[] label = SimulationAttester.LABEL.getBytes(StandardCharsets.US_ASCII);
    int measured = label.length + SimulationAttester.MEASUREMENT_LENGTH;
    int length = measured + VerifiedEvidence.REPORT_DATA_LENGTH;
    if (evidence.length != length
        || !Arrays.equals(evidence, 0, label.length, label, 0, label.length)) {
      throw new EvidenceException("Not what a simulation attester says");
    }
    return new VerifiedEvidence(
        Platform.SIMULATION,
        HashCode.fromBytes(Arrays.copyOfRange(evidence, label.length, measured)),
        HashCode.fromBytes(Arrays.copyOfRange(evidence, measured, length)),
        false,
        TcbStatus.UP_TO_DATE,
        ImmutableSet.of());
  }
}
