package io.fspf.cas.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.fspf.cas.decision.ConfigId;

/**
 * What evidence has to say beside the measurement: SHA-512(label ‖ nonce ‖ public key ‖ config id).
 * So evidence is good for one challenge, and what is released by it can be read only by the program
 * that made the key: to relay the evidence of another is of no use.
 */
public final class ReportData {
  /** The length of a nonce in bytes. */
  public static final int NONCE_LENGTH = 32;

  private static final String LABEL = "fspf cas attestation v1\n";

  private ReportData() {}

  /** The 64 bytes. All parts but the last have a fixed length. */
  public static HashCode of(byte[] nonce, byte[] publicKey, ConfigId configId) {
    if (nonce.length != NONCE_LENGTH || publicKey.length != Hpke.PUBLIC_KEY_LENGTH) {
      throw new IllegalArgumentException("A nonce and a public key have 32 bytes each");
    }
    return Hashing.sha512()
        .newHasher()
        .putString(LABEL, US_ASCII)
        .putBytes(nonce)
        .putBytes(publicKey)
        .putString(configId.toString(), UTF_8)
        .hash();
  }
}
