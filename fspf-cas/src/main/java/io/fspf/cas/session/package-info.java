/**
 * Sessions as they are written: the documents, their strict reader, their hash. What a session says
 * stands here; what follows from it is decided in {@code io.fspf.cas.decision}. Nothing here
 * touches a network, a file or a clock.
 */
@NullMarked
package io.fspf.cas.session;

import org.jspecify.annotations.NullMarked;
