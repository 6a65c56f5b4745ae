package io.fspf.internal.crypto;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/** HKDF (RFC 5869) with HMAC-SHA-256: one derived key for each purpose. */
public final class Hkdf {
  /** The most bytes that one derivation gives. */
  public static final int MAX_LENGTH = 255 * Sha256.LENGTH;

  private Hkdf() {}

  /**
   * Extracts and expands.
   *
   * @param ikm input keying material with enough entropy for the purpose; no passphrase
   * @param salt no secret; may be empty
   * @param info names the purpose
   * @param length of the result in bytes, 1 to {@link #MAX_LENGTH}
   */
  public static SecretBytes sha256(SecretBytes ikm, byte[] salt, byte[] info, int length) {
    if (length < 1 || length > MAX_LENGTH) {
      throw new IllegalArgumentException("HKDF gives 1 to " + MAX_LENGTH + " bytes, not " + length);
    }
    var hkdf = new HKDFBytesGenerator(new SHA256Digest());
    ikm.expose(
        bytes -> {
          hkdf.init(new HKDFParameters(bytes, salt, info));
          return true;
        });
    byte[] out = new byte[length];
    hkdf.generateBytes(out, 0, length);
    return SecretBytes.moveFrom(out);
  }
}
