package io.fspf.cas.decision;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.security.PublicKey;

/**
 * Who asks: whoever holds the private key to a certificate. Names in certificates are of no
 * account.
 *
 * @param key SHA-256 of the public key, as its SubjectPublicKeyInfo in DER
 */
public record Identity(HashCode key) {
  /** The holder of this key. */
  public static Identity of(PublicKey key) {
    return new Identity(Hashing.sha256().hashBytes(key.getEncoded()));
  }

  /** 64 hex digits, as they stand in access policies. */
  @Override
  public String toString() {
    return key.toString();
  }
}
