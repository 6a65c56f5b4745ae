package io.fspf.cas.evidence;

import java.io.IOException;

/** Has the platform sign who this program is. Implementations are thread-safe. */
public interface Attester {
  /** The name of the format, as {@link EvidenceVerifier#format}. */
  String format();

  /**
   * Evidence that carries the given report data.
   *
   * @param reportData 64 bytes
   * @throws IOException if the platform gives none
   */
  byte[] attest(byte[] reportData) throws IOException;
}
