package io.fspf.internal.host;

/**
 * Changes what single reads of a {@link SimulatedHost} return, so that two reads of the same bytes
 * may differ.
 */
@FunctionalInterface
public interface ReadHook {
  /** The bytes read stand in {@code into[offset, offset + count)} and may be changed there. */
  void read(Operation operation, byte[] into, int offset, int count);
}
