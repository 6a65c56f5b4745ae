package io.fspf.cas.evidence;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;

/**
 * What evidence says once its signatures are found good. Whether that is enough, for a debug
 * enclave or an old platform for example, is for a session to decide, and whether it answers a
 * challenge, for who asked.
 *
 * @param platform who measured
 * @param measurement what identifies the program; see {@link Platform} for what goes into it
 * @param reportData the 64 bytes that the program had signed along
 * @param debug whether the platform lets its owner look inside
 * @param tcbStatus how far the platform is up to date
 * @param advisories the advisories that apply to it, such as {@code INTEL-SA-00615}
 * @param details what else was signed, by name, for receipts and logs: texts, and bytes in hex
 */
public record VerifiedEvidence(
    Platform platform,
    HashCode measurement,
    HashCode reportData,
    boolean debug,
    TcbStatus tcbStatus,
    ImmutableSet<String> advisories,
    ImmutableMap<String, String> details) {

  /** The length of report data in bytes, the same on all platforms. */
  public static final int REPORT_DATA_LENGTH = 64;

  /** Checks the lengths. */
  public VerifiedEvidence {
    Preconditions.checkArgument(
        reportData.bits() == REPORT_DATA_LENGTH * Byte.SIZE, "Report data has 64 bytes");
  }

  /** Evidence without details. */
  public VerifiedEvidence(
      Platform platform,
      HashCode measurement,
      HashCode reportData,
      boolean debug,
      TcbStatus tcbStatus,
      ImmutableSet<String> advisories) {
    this(platform, measurement, reportData, debug, tcbStatus, advisories, ImmutableMap.of());
  }

  /** Whether no hardware stands behind it. */
  public boolean simulated() {
    return platform == Platform.SIMULATION;
  }
}
