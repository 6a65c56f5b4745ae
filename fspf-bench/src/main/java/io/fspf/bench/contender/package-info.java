/**
 * What is measured: the default file system, volumes, and peers where they are on the class path.
 * All of them do the same work, through {@code java.nio}. No clock is read here.
 */
@NullMarked
package io.fspf.bench.contender;

import org.jspecify.annotations.NullMarked;
