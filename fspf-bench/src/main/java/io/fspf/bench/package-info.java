/**
 * Measurements of the library from the outside: the command, and what volumes cost at scale.
 * Nothing here is part of the product.
 */
@NullMarked
package io.fspf.bench;

import org.jspecify.annotations.NullMarked;
