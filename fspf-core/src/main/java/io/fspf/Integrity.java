package io.fspf;

/** What the records of a file's chunks are made of, and therefore against whom they hold. */
public enum Integrity {
  /**
   * Authenticated: SHA-256. Holds against everyone, with no key; the root tag alone is enough to
   * verify.
   */
  SHA256,
  /** Authenticated: AES-256-GMAC. Much faster; holds against everyone who lacks the volume key. */
  GMAC,
  /** Encrypted: AES-256-GCM. Holds against everyone who lacks the volume key. */
  GCM,
  /**
   * Encrypted: AES-256-GCM and SHA-256 of the ciphertext. The root tag then binds key holders as
   * well.
   */
  GCM_SHA256
}
