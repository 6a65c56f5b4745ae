/**
 * The work that is measured, the same for every contender, and what is to be prepared for it. No
 * clock is read here.
 */
@NullMarked
package io.fspf.bench.work;

import org.jspecify.annotations.NullMarked;
