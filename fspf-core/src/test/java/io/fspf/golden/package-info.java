/**
 * Golden volumes: made once by a released or coming version, kept in the repository, opened by
 * every later version and by a reader that shares no code with this one. Nothing else lives here.
 */
@NullMarked
package io.fspf.golden;

import org.jspecify.annotations.NullMarked;
