package io.fspf.cas.session;

import java.io.IOException;

/** Says what is wrong with a session document, and in which line. Values are never repeated. */
public final class SessionException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int line;

  /**
   * An exception.
   *
   * @param line counted from 1; 0 where no line can be named
   */
  public SessionException(int line, String reason) {
    super(line > 0 ? "line " + line + ": " + reason : reason);
    this.line = line;
  }

  /** The line, counted from 1; 0 where none can be named. */
  public int line() {
    return line;
  }
}
