/**
 * The only room that touches the host: files, directories, locks, fsync. Whatever comes out of it
 * is untrusted. No cryptography, no knowledge of the format, and nothing that decides what is true.
 */
@NullMarked
package io.fspf.internal.host;

import org.jspecify.annotations.NullMarked;
