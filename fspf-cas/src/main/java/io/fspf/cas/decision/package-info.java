/**
 * What follows from sessions: who may read and change them, and what a proven program gets. Pure
 * functions of sessions, identities and evidence: no clock, no random numbers, no input or output,
 * and no state.
 */
@NullMarked
package io.fspf.cas.decision;

import org.jspecify.annotations.NullMarked;
