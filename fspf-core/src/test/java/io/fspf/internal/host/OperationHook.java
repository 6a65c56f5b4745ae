package io.fspf.internal.host;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Is asked before every operation of a {@link SimulatedHost}. It may throw, let the operation go
 * wrong half-way, or do as an adversary does: it may use the host's adversary methods.
 */
@FunctionalInterface
public interface OperationHook {
  /**
   * What is to become of the operation.
   *
   * @throws IOException to let it fail with nothing done; a sync that fails leaves in doubt for
   *     ever what was not yet synced
   */
  Answer before(Operation operation) throws IOException;

  /**
   * How an operation goes.
   *
   * @param bytes how much of a read or write is done at most
   * @param failure thrown after that; null for a read that just ends early
   */
  record Answer(int bytes, @Nullable IOException failure) {
    /** All is well. */
    public static final Answer PROCEED = new Answer(Integer.MAX_VALUE, null);

    /** A write does this many bytes and then fails. */
    public static Answer partial(int bytes, IOException failure) {
      return new Answer(bytes, failure);
    }

    /** A read ends after this many bytes, as if the file ended there. */
    public static Answer shortRead(int bytes) {
      return new Answer(bytes, null);
    }
  }
}
