package io.fspf.cas.evidence;

/**
 * How far the platform's firmware and its configuration are up to date, in the words of Intel's TCB
 * info; the strictest word holds where several parts are judged.
 */
public enum TcbStatus {
  /** Nothing is known to be amiss. */
  UP_TO_DATE(false, false, false),
  /** Software has to be built against a known weakness. */
  SW_HARDENING_NEEDED(false, false, true),
  /** The platform has to be configured otherwise. */
  CONFIGURATION_NEEDED(false, true, false),
  /** Both. */
  CONFIGURATION_AND_SW_HARDENING_NEEDED(false, true, true),
  /** Updates are missing. */
  OUT_OF_DATE(true, false, false),
  /** Updates are missing, and the platform has to be configured otherwise. */
  OUT_OF_DATE_CONFIGURATION_NEEDED(true, true, false),
  /** The platform's keys are not to be trusted any more. */
  REVOKED(true, true, true);

  private final boolean updates;
  private final boolean configuration;
  private final boolean hardening;

  TcbStatus(boolean updates, boolean configuration, boolean hardening) {
    this.updates = updates;
    this.configuration = configuration;
    this.hardening = hardening;
  }

  /** The status of a whole that has a part of this status and one of the other. */
  public TcbStatus with(TcbStatus other) {
    if (this == REVOKED || other == REVOKED) {
      return REVOKED;
    }
    boolean configure = configuration || other.configuration;
    if (updates || other.updates) {
      return configure ? OUT_OF_DATE_CONFIGURATION_NEEDED : OUT_OF_DATE;
    }
    boolean harden = hardening || other.hardening;
    if (configure) {
      return harden ? CONFIGURATION_AND_SW_HARDENING_NEEDED : CONFIGURATION_NEEDED;
    }
    return harden ? SW_HARDENING_NEEDED : UP_TO_DATE;
  }
}
