package io.fspf;

/** The volume key is missing, wrong, or cannot be had from its provider. */
public final class VolumeKeyException extends FspfException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what to do. It never holds key material. */
  public VolumeKeyException(String message) {
    super(message);
  }

  /** The same, with the provider's trouble. */
  public VolumeKeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
