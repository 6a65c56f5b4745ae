package io.fspf;

import java.io.IOException;

/**
 * What this library throws of its own. Each subclass is one kind of trouble: {@link
 * IntegrityException} (tampered), {@link FreshnessException} (rolled back or forked), {@link
 * VolumeKeyException} (key missing or wrong), {@link VolumeLockedException} (in use). A plain
 * {@link IOException} is trouble of the host: not found, no space, no permission.
 *
 * <p>Messages name paths in the volume and never hold key material or content.
 */
public abstract class FspfException extends IOException {
  private static final long serialVersionUID = 1L;

  FspfException(String message) {
    super(message);
  }

  FspfException(String message, Throwable cause) {
    super(message, cause);
  }
}
