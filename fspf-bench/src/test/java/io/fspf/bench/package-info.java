/** Tests of the command. */
@NullMarked
package io.fspf.bench;

import org.jspecify.annotations.NullMarked;
