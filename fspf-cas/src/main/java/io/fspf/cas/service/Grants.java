package io.fspf.cas.service;

import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.service.Records.Kind;
import io.fspf.cas.wire.GrantMac;
import io.fspf.cas.wire.Message;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What programs may do that have given proof. Not thread-safe. */
final class Grants {
  private final Records records;
  private final Sessions sessions;
  private final Map<String, Grant> all = new HashMap<>();

  Grants(Records records, Sessions sessions) throws IOException {
    this.records = records;
    this.sessions = sessions;
    for (Message message : records.all(Kind.GRANT)) {
      Grant grant = Grant.of(message);
      all.put(grant.id(), grant);
    }
  }

  /** Takes one in, and drops those that are over. */
  void put(Grant grant, Instant now) throws IOException {
    for (Grant old : List.copyOf(all.values())) {
      if (!old.end().isAfter(now)) {
        records.remove(Kind.GRANT, old.id());
        all.remove(old.id());
      }
    }
    records.put(Kind.GRANT, grant.id(), grant.toMessage());
    all.put(grant.id(), grant);
  }

  /**
   * The volume that a program asks about.
   *
   * @param number of the volume in the grant
   * @param question the lines that the program authenticates
   * @param code with which it does
   */
  Grant.Tracked volume(String id, long number, List<String> question, byte[] code, Instant now)
      throws RefusedException {
    Grant grant = all.get(id);
    if (grant == null
        || !GrantMac.matches(grant.key(), question, code)
        || !grant.end().isAfter(now)
        || number >= grant.volumes().size()) {
      throw new RefusedException(Reason.GRANT, "There is no such grant: attest anew");
    }
    for (String name : grant.sessions().keySet()) {
      if (!sessions
          .get(name)
          .map(stored -> stored.session().hash().equals(grant.sessions().get(name)))
          .orElse(false)) {
        throw new RefusedException(
            Reason.GRANT,
            "Session %s was changed since the keys were released: attest anew".formatted(name));
      }
    }
    return grant.volumes().get((int) number);
  }
}
