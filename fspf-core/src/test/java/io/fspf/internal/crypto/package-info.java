/** Tests of the room for cryptography. */
@NullMarked
package io.fspf.internal.crypto;

import org.jspecify.annotations.NullMarked;
