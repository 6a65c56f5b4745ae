/** Whole trees in and out of volumes, on the real host. */
@org.jspecify.annotations.NullMarked
package io.fspf.seal;
