package io.fspf;

/**
 * Another process, or another part of this one, has the volume open in a way that excludes this
 * use.
 */
public final class VolumeLockedException extends FspfException {
  private static final long serialVersionUID = 1L;

  /** With a message that names the holder as far as it is known. */
  public VolumeLockedException(String message) {
    super(message);
  }
}
