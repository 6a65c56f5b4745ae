/** x. */
@org.jspecify.annotations.NullMarked
package io.fspf.tag;
