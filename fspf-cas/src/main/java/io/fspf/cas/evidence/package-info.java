/**
 * Attestation evidence: what a platform signed about a program, verified to the vendor's roots. It
 * knows nothing of sessions, keys or volumes: it says what was measured, where, and how far to
 * trust it.
 */
@NullMarked
package io.fspf.cas.evidence;

import org.jspecify.annotations.NullMarked;
