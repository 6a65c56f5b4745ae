package io.fspf.cas.decision;

import io.fspf.cas.session.Session;

/**
 * A session in a service.
 *
 * @param session its present version
 * @param creator who created its first one
 */
public record StoredSession(Session session, Identity creator) {}
