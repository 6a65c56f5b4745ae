package io.fspf.internal.volume;

import java.io.IOException;

/** What a test lets the host throw: EIO. */
final class HostTrouble extends IOException {
  private static final long serialVersionUID = 1L;

  HostTrouble() {
    super("Input/output error");
  }
}
