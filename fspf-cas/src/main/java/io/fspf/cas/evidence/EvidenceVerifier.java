package io.fspf.cas.evidence;

/**
 * Checks one format of evidence down to roots that it was given.
 *
 * <p>What is guaranteed: the result was signed by a platform under such a root, and the signature
 * covers every byte that the result was taken from. What is not: that the platform is in a state
 * that anyone should trust; the result says in which it is. Implementations are thread-safe and
 * open no connections.
 */
public interface EvidenceVerifier {
  /** The name of the format, such as {@code sgx-dcap-v3}, as it stands in requests. */
  String format();

  /**
   * What the evidence says.
   *
   * @throws EvidenceException if it is malformed, not signed as it should be, or was signed by a
   *     platform or under a certificate that is not valid; the message says which
   */
  VerifiedEvidence verify(byte[] evidence, VerificationContext context) throws EvidenceException;
}
