/**
 * The only room that touches JCA and Bouncy Castle: engines, keys and how they are derived, nonces,
 * digests, randomness. It knows labels and lengths of the format, but neither messages nor files;
 * it does no I/O, keeps no state of a volume, and no key leaves it as a plain array except through
 * {@link SecretBytes#expose}.
 */
@NullMarked
package io.fspf.internal.crypto;

import org.jspecify.annotations.NullMarked;
