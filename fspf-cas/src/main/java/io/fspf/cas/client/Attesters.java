package io.fspf.cas.client;

import com.google.common.hash.HashCode;
import io.fspf.cas.evidence.Attester;
import io.fspf.cas.evidence.GramineAttester;
import io.fspf.cas.evidence.SimulationAttester;
import io.fspf.cas.evidence.TsmAttester;
import java.io.IOException;

/** The attesters by their names. */
public final class Attesters {
  /** Whatever hardware this program runs on. */
  public static final String HARDWARE = "hardware";

  private static final String SIMULATION = "simulation:";

  private Attesters() {}

  /**
   * An attester.
   *
   * @param name {@code gramine}, {@code tdx}, {@code sev-snp}, {@value #HARDWARE} for the one of
   *     these that is there, or {@code simulation:HEX}, which claims a measurement of 64 hex digits
   *     and proves nothing
   * @throws IllegalArgumentException if there is none of this name
   * @throws IOException if there is no hardware
   */
  public static Attester of(String name) throws IOException {
    if (name.startsWith(SIMULATION)) {
      return new SimulationAttester(HashCode.fromString(name.substring(SIMULATION.length())));
    }
    return switch (name) {
      case "gramine" -> new GramineAttester(GramineAttester.DEVICE);
      case "tdx" -> TsmAttester.tdx(TsmAttester.REPORTS);
      case "sev-snp" -> TsmAttester.sevSnp(TsmAttester.REPORTS);
      case HARDWARE -> present();
      default ->
          throw new IllegalArgumentException(
              "An attester is gramine, tdx, sev-snp, hardware or simulation:HEX, not " + name);
    };
  }

  private static Attester present() throws IOException {
    GramineAttester gramine = new GramineAttester(GramineAttester.DEVICE);
    if (gramine.available()) {
      return gramine;
    }
    TsmAttester tdx = TsmAttester.tdx(TsmAttester.REPORTS);
    if (tdx.available()) {
      return java.nio.file.Files.exists(java.nio.file.Path.of("/dev/sev-guest"))
          ? TsmAttester.sevSnp(TsmAttester.REPORTS)
          : tdx;
    }
    throw new IOException(
        "There is no hardware here that attests: neither "
            + GramineAttester.DEVICE
            + " nor "
            + TsmAttester.REPORTS);
  }
}
