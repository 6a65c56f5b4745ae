/** Tests of the key providers. */
@NullMarked
package io.fspf.key;

import org.jspecify.annotations.NullMarked;
