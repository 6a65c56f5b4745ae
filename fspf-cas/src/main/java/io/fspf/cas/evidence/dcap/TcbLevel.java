package io.fspf.cas.evidence.dcap;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.TcbStatus;
import io.fspf.cas.evidence.internal.Json;
import java.time.Instant;

/**
 * What Intel says of one level of security versions.
 *
 * @param status how far it is up to date
 * @param date as of when
 * @param advisories what is known against it
 */
record TcbLevel(TcbStatus status, Instant date, ImmutableSet<String> advisories) {
  private static final ImmutableMap<String, TcbStatus> WORDS =
      ImmutableMap.of(
          "UpToDate", TcbStatus.UP_TO_DATE,
          "SWHardeningNeeded", TcbStatus.SW_HARDENING_NEEDED,
          "ConfigurationNeeded", TcbStatus.CONFIGURATION_NEEDED,
          "ConfigurationAndSWHardeningNeeded", TcbStatus.CONFIGURATION_AND_SW_HARDENING_NEEDED,
          "OutOfDate", TcbStatus.OUT_OF_DATE,
          "OutOfDateConfigurationNeeded", TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED,
          "Revoked", TcbStatus.REVOKED);

  static TcbLevel read(Json level) throws EvidenceException {
    String word = level.text("tcbStatus");
    TcbStatus status = WORDS.get(word);
    if (status == null) {
      throw new EvidenceException("Unknown TCB status \"" + word + "\"");
    }
    ImmutableSet.Builder<String> advisories = ImmutableSet.builder();
    if (level.has("advisoryIDs")) {
      for (Json advisory : level.get("advisoryIDs").list()) {
        advisories.add(advisory.text());
      }
    }
    return new TcbLevel(status, level.instant("tcbDate"), advisories.build());
  }
}
