/** Other projects' libraries as contenders. Compiled with {@code -Ppeers} only, never shipped. */
@NullMarked
package io.fspf.bench.peers;

import org.jspecify.annotations.NullMarked;
