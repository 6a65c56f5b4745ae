package io.fspf;

/**
 * How fast a crypto engine is on one thread, in chunks of the default size that are in memory. In
 * 10^9 bytes a second.
 *
 * @param seal encrypting with AES-256-GCM, a fresh nonce for each chunk
 * @param open verifying and decrypting
 * @param gmac a GMAC of each chunk
 * @param sha256 a SHA-256 digest of each chunk
 */
public record EngineSpeed(double seal, double open, double gmac, double sha256) {}
