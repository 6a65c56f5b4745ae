/** Tests of the volume room: models, crashes, trouble of the host, adversaries. */
@NullMarked
package io.fspf.internal.volume;

import org.jspecify.annotations.NullMarked;
