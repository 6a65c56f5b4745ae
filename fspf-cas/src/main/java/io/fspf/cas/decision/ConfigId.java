package io.fspf.cas.decision;

/**
 * What a program asks for: a service of a session, as text {@code SESSION/SERVICE}.
 *
 * @param session the session's name, in which there may be slashes
 * @param service the service's name, without
 */
public record ConfigId(String session, String service) {
  /**
   * Reads the text.
   *
   * @throws RefusedException if it is none
   */
  public static ConfigId parse(String text) throws RefusedException {
    int slash = text.lastIndexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      throw new RefusedException(Reason.REQUEST, "A config id is SESSION/SERVICE");
    }
    return new ConfigId(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public String toString() {
    return session + "/" + service;
  }
}
