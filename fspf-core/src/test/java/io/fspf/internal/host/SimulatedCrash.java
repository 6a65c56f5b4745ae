package io.fspf.internal.host;

/**
 * The simulated machine has stopped. An error, so that no code under test takes it for trouble that
 * it can handle.
 */
public final class SimulatedCrash extends Error {
  private static final long serialVersionUID = 1L;

  SimulatedCrash(String message) {
    super(message);
  }
}
