/**
 * AMD SEV-SNP: attestation reports of guests, signed by a chip's or a cloud's key, bare or as Azure
 * wraps them. Sources: SEV-SNP Firmware ABI (AMD 56860), VCEK certificate and KDS interface (AMD
 * 57230), GHCB standardization (AMD 56421) section 4.1.8.1 for the certificate table.
 */
@NullMarked
package io.fspf.cas.evidence.sev;

import org.jspecify.annotations.NullMarked;
