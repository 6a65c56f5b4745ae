package io.fspf.cas.evidence;

import java.time.Instant;

/**
 * What a verifier needs to know about the moment.
 *
 * @param time at which certificates, collateral and revocation lists are to be valid
 */
public record VerificationContext(Instant time) {}
