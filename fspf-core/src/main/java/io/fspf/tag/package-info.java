/**
 * Where the newest root tag of a volume is remembered, outside the host's reach: the SPI and the
 * built-in stores. A store knows tags and nothing of volumes, keys or the format; what a tag means
 * for opening a volume is decided where volumes are opened.
 */
@NullMarked
package io.fspf.tag;

import org.jspecify.annotations.NullMarked;
