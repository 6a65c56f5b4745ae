package io.fspf.cas.service;

import com.google.common.hash.HashCode;
import io.fspf.cas.decision.Identity;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.decision.StoredSession;
import io.fspf.cas.service.Records.Kind;
import io.fspf.cas.session.Session;
import io.fspf.cas.session.SessionVolume;
import io.fspf.cas.wire.Message;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The sessions that the service keeps, in memory and on record. Not thread-safe. */
final class Sessions {
  private final Records records;
  private final Map<String, StoredSession> all = new HashMap<>();

  Sessions(Records records) throws IOException {
    this.records = records;
    for (Message message : records.all(Kind.SESSION)) {
      remember(
          new StoredSession(
              Session.readCanonical(message.text("session")),
              new Identity(message.value("creator", HashCode::fromString))));
    }
  }

  private void remember(StoredSession stored) {
    all.put(stored.session().name(), stored);
  }

  Optional<StoredSession> get(String name) {
    return Optional.ofNullable(all.get(name));
  }

  StoredSession find(String name) throws RefusedException {
    return get(name)
        .orElseThrow(
            () -> new RefusedException(Reason.NO_SUCH_SESSION, "There is no session " + name));
  }

  /** A volume that is the session's own, so that its key and tag are. */
  static SessionVolume own(StoredSession stored, String name) throws RefusedException {
    String session = stored.session().name();
    SessionVolume volume =
        stored
            .session()
            .volume(name)
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.VOLUME, "Session %s has no volume %s".formatted(session, name)));
    if (volume.imported().isPresent()) {
      throw new RefusedException(
          Reason.VOLUME,
          "The volume %s of session %s is imported: its key and tag are its own session's"
              .formatted(name, session));
    }
    return volume;
  }

  void put(StoredSession stored) throws IOException {
    records.put(
        Kind.SESSION,
        stored.session().name(),
        Message.empty()
            .with("session", stored.session().canonical())
            .with("creator", stored.creator().toString()));
    remember(stored);
  }
}
