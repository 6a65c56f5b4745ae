/**
 * What service and client say to each other: identities, sealing, the messages. It knows nothing of
 * decisions and state, and opens no connection. Not exported.
 */
@NullMarked
package io.fspf.cas.wire;

import org.jspecify.annotations.NullMarked;
