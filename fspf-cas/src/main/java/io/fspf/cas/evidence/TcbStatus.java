package io.fspf.cas.evidence;

/**
 * How far the platform's firmware and its configuration are up to date, in the words of Intel's TCB
 * info; the strictest word holds where several parts are judged.
 */
public enum TcbStatus {
  /** Nothing is known to be amiss. */
  UP_TO_DATE,
  /** Software has to be built against a known weakness. */
  SW_HARDENING_NEEDED,
  /** The platform has to be configured otherwise. */
  CONFIGURATION_NEEDED,
  /** Both. */
  CONFIGURATION_AND_SW_HARDENING_NEEDED,
  /** Updates are missing. */
  OUT_OF_DATE,
  /** Updates are missing, and the platform has to be configured otherwise. */
  OUT_OF_DATE_CONFIGURATION_NEEDED,
  /** The platform's keys are not to be trusted any more. */
  REVOKED
}
