package io.fspf.cas.session;

import com.google.common.hash.HashCode;
import java.util.Optional;

/**
 * What is imported: something of another session.
 *
 * @param session its name
 * @param sessionHash the one version of it that is meant, if only one is
 * @param item what it is called there, if it is called otherwise
 * @param cas the service that the session is in, by the hash of its public key; this one if nothing
 *     is said
 */
public record Reference(
    String session,
    Optional<HashCode> sessionHash,
    Optional<String> item,
    Optional<HashCode> cas) {}
