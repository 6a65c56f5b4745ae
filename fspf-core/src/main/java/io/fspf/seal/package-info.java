/**
 * Whole trees in and out of volumes: sealing, importing, verifying, unsealing. Walks, threads,
 * progress. No format and no cryptography of its own: those are the rooms below.
 */
@NullMarked
package io.fspf.seal;

import org.jspecify.annotations.NullMarked;
