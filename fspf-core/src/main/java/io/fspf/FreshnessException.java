package io.fspf;

/**
 * The volume is whole, but it is not the state that the pinned root tag or the tag store calls for.
 */
public final class FreshnessException extends FspfException {
  private static final long serialVersionUID = 1L;

  /** With a message that says which tag was expected and which was found. */
  public FreshnessException(String message) {
    super(message);
  }
}
