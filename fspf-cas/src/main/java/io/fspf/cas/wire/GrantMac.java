package io.fspf.cas.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shows that a question about a tag comes from the program that a grant was sealed to: HMAC-SHA-256
 * under the grant's key over the lines of the question.
 */
public final class GrantMac {
  /** The length of a grant's key in bytes. */
  public static final int KEY_LENGTH = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private GrantMac() {}

  /** The code for a question, whose parts have no line ends. */
  public static byte[] of(byte[] key, List<String> parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(String.join("\n", parts).getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, e);
    }
  }

  /** Whether this is the code for the question; in constant time. */
  public static boolean matches(byte[] key, List<String> parts, byte[] code) {
    return MessageDigest.isEqual(of(key, parts), code);
  }
}
