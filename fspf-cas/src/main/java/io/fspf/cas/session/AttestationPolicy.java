package io.fspf.cas.session;

import com.google.common.collect.ImmutableSet;
import io.fspf.cas.evidence.Platform;

/**
 * Which evidence is good enough.
 *
 * @param simulation whether evidence counts that has no hardware behind it
 * @param platforms which hardware is accepted
 * @param tolerated weaknesses that are accepted
 * @param ignoresAllAdvisories whether every known weakness of a platform is accepted
 * @param ignoredAdvisories those that are, by their names
 */
public record AttestationPolicy(
    boolean simulation,
    ImmutableSet<Platform> platforms,
    ImmutableSet<Tolerance> tolerated,
    boolean ignoresAllAdvisories,
    ImmutableSet<String> ignoredAdvisories) {

  /** Any hardware in good order. */
  public static final AttestationPolicy STRICT =
      new AttestationPolicy(
          false,
          ImmutableSet.of(Platform.SGX, Platform.TDX, Platform.SEV_SNP),
          ImmutableSet.of(),
          false,
          ImmutableSet.of());

  /** A weakness, with the field's (SCONE's) names. */
  public enum Tolerance {
    /** The platform's owner can look inside. */
    DEBUG_MODE("debug-mode"),
    /** Two programs may share a core. */
    HYPERTHREADING("hyperthreading"),
    /** The processor's graphics may look inside. */
    INSECURE_IGPU("insecure-igpu"),
    /** The platform is not configured as it should be. */
    INSECURE_CONFIGURATION("insecure-configuration"),
    /** The platform lacks updates. */
    OUTDATED_TCB("outdated-tcb"),
    /** The program has to be built against a known weakness. */
    SOFTWARE_HARDENING_NEEDED("software-hardening-needed");

    private final String id;

    Tolerance(String id) {
      this.id = id;
    }

    /** The name in sessions. */
    public String id() {
      return id;
    }
  }
}
