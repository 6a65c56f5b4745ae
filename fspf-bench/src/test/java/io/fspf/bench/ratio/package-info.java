/** Tests of how ratios are made. */
@NullMarked
package io.fspf.bench.ratio;

import org.jspecify.annotations.NullMarked;
