package io.fspf.internal.host;

import java.io.IOException;

/** The untrusted machine below. Tests put a simulated one in its place. Thread-safe. */
public interface Host {
  /**
   * The directory at a path of the host, which need not exist yet for this call.
   *
   * @param absolutePath in the host's own text form
   */
  HostDirectory directory(String absolutePath) throws IOException;
}
