package io.fspf.cas.decision;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.fspf.cas.evidence.TcbStatus;
import io.fspf.cas.evidence.VerifiedEvidence;
import io.fspf.cas.session.AttestationPolicy;
import io.fspf.cas.session.AttestationPolicy.Tolerance;
import io.fspf.cas.session.Session;

/** Whether evidence is good enough for a session. */
final class Proof {
  private Proof() {}

  static void check(Session session, VerifiedEvidence evidence) throws RefusedException {
    check(session.name(), session.attestation(), evidence);
  }

  static void check(String session, AttestationPolicy policy, VerifiedEvidence evidence)
      throws RefusedException {
    if (evidence.simulated()) {
      if (!policy.simulation()) {
        throw new RefusedException(
            Reason.SIMULATED,
            "The evidence is simulated and session %s demands hardware (security.attestation.mode)"
                .formatted(session));
      }
      return;
    }
    if (!policy.platforms().contains(evidence.platform())) {
      throw new RefusedException(
          Reason.PLATFORM,
          "The evidence is of %s, which session %s does not accept"
              .formatted(evidence.platform().id(), session));
    }
    if (evidence.debug() && !policy.tolerated().contains(Tolerance.DEBUG_MODE)) {
      throw new RefusedException(
          Reason.DEBUG,
          "The program runs in debug mode, which session %s does not tolerate".formatted(session));
    }
    checkTcb(session, policy, evidence);
  }

  private static void checkTcb(String session, AttestationPolicy policy, VerifiedEvidence evidence)
      throws RefusedException {
    if (evidence.tcbStatus() == TcbStatus.REVOKED) {
      throw new RefusedException(Reason.TCB, "The platform is revoked");
    }
    ImmutableSet<Tolerance> needed = needed(evidence.tcbStatus());
    for (Tolerance tolerance : Sets.difference(needed, policy.tolerated())) {
      throw new RefusedException(
          Reason.TCB,
          "The platform's TCB is %s; session %s does not tolerate %s"
              .formatted(evidence.tcbStatus(), session, tolerance.id()));
    }
    if (needed.isEmpty() || policy.ignoresAllAdvisories()) {
      return;
    }
    for (String advisory : Sets.difference(evidence.advisories(), policy.ignoredAdvisories())) {
      throw new RefusedException(
          Reason.TCB,
          "The advisory %s applies to the platform, and session %s does not ignore it"
              .formatted(advisory, session));
    }
  }

  private static ImmutableSet<Tolerance> needed(TcbStatus status) {
    return switch (status) {
      case UP_TO_DATE, REVOKED -> ImmutableSet.of();
      case SW_HARDENING_NEEDED -> ImmutableSet.of(Tolerance.SOFTWARE_HARDENING_NEEDED);
      case CONFIGURATION_NEEDED -> ImmutableSet.of(Tolerance.INSECURE_CONFIGURATION);
      case CONFIGURATION_AND_SW_HARDENING_NEEDED ->
          ImmutableSet.of(Tolerance.INSECURE_CONFIGURATION, Tolerance.SOFTWARE_HARDENING_NEEDED);
      case OUT_OF_DATE -> ImmutableSet.of(Tolerance.OUTDATED_TCB);
      case OUT_OF_DATE_CONFIGURATION_NEEDED ->
          ImmutableSet.of(Tolerance.OUTDATED_TCB, Tolerance.INSECURE_CONFIGURATION);
    };
  }
}
