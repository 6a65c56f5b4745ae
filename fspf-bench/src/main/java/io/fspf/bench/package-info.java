/**
 * Measurements of the library from the outside: JMH benchmarks of contents, and a measurement of
 * metadata at scale. Nothing here is part of the product.
 */
@NullMarked
package io.fspf.bench;

import org.jspecify.annotations.NullMarked;
