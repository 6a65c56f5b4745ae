package io.fspf.internal.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The committed chunk groups of one file. Thread-safe. */
public interface GroupSource {
  /** The record of a group, or null where it has none. */
  byte @Nullable [] group(long group) throws IOException;

  /** The first group from {@code from} on that has a record, or -1. */
  long next(long from) throws IOException;
}
