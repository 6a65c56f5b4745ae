/**
 * Intel DCAP: quotes of SGX enclaves and TDX trust domains, verified with the collateral that Intel
 * signs. Sources: Intel SGX ECDSA QuoteGenReference (quote version 3), Intel TDX DCAP Quoting
 * Library API (version 4), Intel PCK certificate and CRL profile, and the PCS API version 4.
 */
@NullMarked
package io.fspf.cas.evidence.dcap;

import org.jspecify.annotations.NullMarked;
