package io.fspf.cas.evidence.dcap;

import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.Json;
import java.time.Instant;

/**
 * What TCB info and QE identities have in common.
 *
 * @param what its name, for messages
 * @param issued from when on it holds
 * @param next until when
 * @param evaluation the number of Intel's evaluation of what is up to date
 */
record SignedInfo(String what, Instant issued, Instant next, int evaluation) {

  static SignedInfo read(Json json, String id, int version) throws EvidenceException {
    if (!json.text("id").equals(id) || json.number("version", 0xff) != version) {
      throw new EvidenceException(json + " is not of \"" + id + "\" in version " + version);
    }
    return new SignedInfo(
        json.toString(),
        json.instant("issueDate"),
        json.instant("nextUpdate"),
        json.number("tcbEvaluationDataNumber", Integer.MAX_VALUE));
  }

  void requireValidAt(Instant time) throws EvidenceException {
    if (issued.isAfter(time)) {
      throw new EvidenceException(what + " is not valid yet at " + time);
    }
    if (next.isBefore(time)) {
      throw new EvidenceException(what + " is out of date at " + time);
    }
  }
}
