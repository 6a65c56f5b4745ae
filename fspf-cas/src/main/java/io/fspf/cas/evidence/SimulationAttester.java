package io.fspf.cas.evidence;

import com.google.common.base.Preconditions;
import com.google.common.hash.HashCode;
import com.google.common.primitives.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * Says of itself what it is: whoever runs it can claim any measurement. For trying sessions out on
 * a machine that has no hardware for it.
 */
public final class SimulationAttester implements Attester {
  /** The name of the format. */
  public static final String FORMAT = "simulation";

  static final String LABEL = "fspf simulated evidence, no proof of anything\n";
  static final int MEASUREMENT_LENGTH = 32;

  private final HashCode measurement;

  /**
   * A program of the given measurement.
   *
   * @param measurement 32 bytes, as an MRENCLAVE has
   */
  public SimulationAttester(HashCode measurement) {
    Preconditions.checkArgument(
        measurement.bits() == MEASUREMENT_LENGTH * Byte.SIZE, "A measurement has 32 bytes here");
    this.measurement = measurement;
  }

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public byte[] attest(byte[] reportData) {
    Preconditions.checkArgument(
        reportData.length == VerifiedEvidence.REPORT_DATA_LENGTH, "Report data has 64 bytes");
    return Bytes.concat(
        LABEL.getBytes(StandardCharsets.US_ASCII), measurement.asBytes(), reportData);
  }
}
