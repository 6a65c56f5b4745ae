/**
 * The configuration and attestation service: its state in a volume of our own, its audit log, its
 * doors. It asks {@code io.fspf.cas.decision} what follows from sessions and decides nothing
 * itself.
 */
@NullMarked
package io.fspf.cas.service;

import org.jspecify.annotations.NullMarked;
