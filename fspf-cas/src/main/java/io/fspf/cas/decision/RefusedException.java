package io.fspf.cas.decision;

import java.io.IOException;

/** Says why something was refused. The message holds names and hashes, never a secret. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** A refusal. */
  public RefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Its kind. */
  public Reason reason() {
    return reason;
  }
}
