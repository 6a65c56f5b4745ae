package io.fspf.cas.decision;

import io.fspf.cas.session.AccessPolicy.Admitted;
import io.fspf.cas.session.Session;
import java.util.Optional;

/** Who may do what with a session. */
public final class Access {
  private Access() {}

  /** Whether a new session may take its name; anyone may create one, and then it is theirs. */
  public static void checkCreate(Optional<StoredSession> present, Session next)
      throws RefusedException {
    if (present.isPresent()) {
      throw new RefusedException(
          Reason.EXISTS, "There is a session " + next.name() + " already; update it instead");
    }
    if (next.predecessor().isPresent()) {
      throw new RefusedException(
          Reason.PREDECESSOR,
          "Session %s names a predecessor, and there is none".formatted(next.name()));
    }
  }

  /** Whether the session may be seen, without its secrets. */
  public static void checkRead(StoredSession stored, Identity identity) throws RefusedException {
    check(stored, stored.session().access().read(), identity, "read");
  }

  /** Whether the tags of the session's volumes may be advanced by hand. */
  public static void checkAdvance(StoredSession stored, Identity identity) throws RefusedException {
    check(stored, stored.session().access().update(), identity, "update");
  }

  /** Whether a new version may take the place of the present one. */
  public static void checkUpdate(StoredSession present, Session next, Identity identity)
      throws RefusedException {
    check(present, present.session().access().update(), identity, "update");
    if (!next.name().equals(present.session().name())) {
      throw new RefusedException(
          Reason.PREDECESSOR, "An update keeps the session's name " + present.session().name());
    }
    if (!next.predecessor().map(present.session().hash()::equals).orElse(false)) {
      throw new RefusedException(
          Reason.PREDECESSOR,
          "An update of session %s needs 'predecessor: %s', the hash of what it replaces"
              .formatted(next.name(), present.session().hash()));
    }
  }

  /** Whether a session may be exported to another service. */
  public static void checkExport(StoredSession stored, Identity identity) throws RefusedException {
    check(stored, stored.session().access().update(), identity, "export from");
  }

  private static void check(StoredSession stored, Admitted admitted, Identity identity, String what)
      throws RefusedException {
    boolean allowed =
        admitted.anyone()
            || (admitted.creator() && stored.creator().equals(identity))
            || admitted.keys().contains(identity.key());
    if (!allowed) {
      throw new RefusedException(
          Reason.ACCESS,
          "The holder of key %s may not %s session %s"
              .formatted(identity, what, stored.session().name()));
    }
  }
}
