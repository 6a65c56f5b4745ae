package io.fspf.cas.evidence;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.hash.HashCode;
import java.security.MessageDigest;

/**
 * What someone who relies on evidence accepts. A revoked platform is never accepted.
 *
 * @param debug whether a program that its host can look into
 * @param simulation whether a program that no hardware stands behind
 * @param tcb the states that a platform may be in
 */
public record EvidencePolicy(boolean debug, boolean simulation, ImmutableSet<TcbStatus> tcb) {

  /** No debugging, no simulation, and a platform that nothing is known against. */
  public static final EvidencePolicy STRICT =
      new EvidencePolicy(false, false, ImmutableSet.of(TcbStatus.UP_TO_DATE));

  /** Everything that may be accepted. */
  public static final EvidencePolicy TOLERANT =
      new EvidencePolicy(
          true,
          true,
          ImmutableSet.copyOf(
              Sets.difference(
                  ImmutableSet.copyOf(TcbStatus.values()), ImmutableSet.of(TcbStatus.REVOKED))));

  /** Refuses to accept revoked platforms. */
  public EvidencePolicy {
    Preconditions.checkArgument(
        !tcb.contains(TcbStatus.REVOKED), "A revoked platform cannot be accepted");
  }

  /**
   * Returns if the evidence is acceptable and answers the challenge.
   *
   * @param expectedReportData the 64 bytes that the challenge asked for
   * @throws EvidenceException if not; the message says why
   */
  public void check(VerifiedEvidence evidence, HashCode expectedReportData)
      throws EvidenceException {
    if (evidence.simulated() && !simulation) {
      throw new EvidenceException("Simulated evidence is not accepted");
    }
    if (evidence.debug() && !debug) {
      throw new EvidenceException("The program may be debugged by its host");
    }
    if (!tcb.contains(evidence.tcbStatus())) {
      throw new EvidenceException(
          "The platform's TCB status is "
              + evidence.tcbStatus()
              + (evidence.advisories().isEmpty()
                  ? ""
                  : ", see " + String.join(", ", evidence.advisories())));
    }
    if (!MessageDigest.isEqual(evidence.reportData().asBytes(), expectedReportData.asBytes())) {
      throw new EvidenceException("The report data is not that of this challenge");
    }
  }
}
