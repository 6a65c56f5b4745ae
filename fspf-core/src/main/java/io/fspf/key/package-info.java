/**
 * Where the volume key comes from: the interface of key providers, and those that are built in. Key
 * files and passphrases lie on the trusted side, so this package reads them itself; it does no
 * cryptography of its own and knows nothing of a volume but its id and its key slots.
 */
@NullMarked
package io.fspf.key;

import org.jspecify.annotations.NullMarked;
