/** Public API. */
@NullMarked
package io.fspf;

import org.jspecify.annotations.NullMarked;
