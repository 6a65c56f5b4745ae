/**
 * What the formats of evidence share: fields, certificates, revocation, signatures and JSON, each
 * read strictly. It knows no vendor and no format.
 */
@NullMarked
package io.fspf.cas.evidence.internal;

import org.jspecify.annotations.NullMarked;
