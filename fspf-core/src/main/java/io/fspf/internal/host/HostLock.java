package io.fspf.internal.host;

import java.io.Closeable;
import java.io.IOException;

/** A lock that is held until it is closed, or until the process ends. */
public interface HostLock extends Closeable {
  @Override
  void close() throws IOException;
}
