package io.fspf.cas.evidence;

import java.security.GeneralSecurityException;

/** Says why evidence was refused. */
public final class EvidenceException extends GeneralSecurityException {
  private static final long serialVersionUID = 1L;

  /** An exception with the given reason. */
  public EvidenceException(String reason) {
    super(reason);
  }

  /** An exception with the given reason and what led to it. */
  public EvidenceException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
