package io.fspf.internal.volume;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Closes all of several resources, the last first, whatever one of them throws. */
final class Resources implements Closeable {
  private final List<? extends Closeable> resources;

  Resources(List<? extends Closeable> resources) {
    this.resources = resources;
  }

  @Override
  public void close() throws IOException {
    close(resources.size() - 1);
  }

  /** Closes them because of a failure, which is told what else fails. */
  void closeAfter(Throwable cause) {
    try {
      close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void close(int index) throws IOException {
    if (index >= 0) {
      try {
        resources.get(index).close();
      } finally {
        close(index - 1);
      }
    }
  }
}
