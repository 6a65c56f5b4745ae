/** The only room that touches JCA and Bouncy Castle. */
@NullMarked
package io.fspf.internal.crypto;

import org.jspecify.annotations.NullMarked;
