/** Tests of the tree room. */
@NullMarked
package io.fspf.internal.tree;

import org.jspecify.annotations.NullMarked;
