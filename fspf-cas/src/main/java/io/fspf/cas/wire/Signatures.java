package io.fspf.cas.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** A service's signatures: ECDSA with SHA-256 over a label and a message. */
public final class Signatures {
  private static final String ALGORITHM = "SHA256withECDSA";

  private Signatures() {}

  /** What is signed; one is no signature of another. */
  public enum Label {
    /** What was released, to whom, on which evidence. */
    RECEIPT("fspf cas receipt v1\n"),
    /** A volume for another service. */
    BUNDLE("fspf cas bundle v1\n");

    private final String text;

    Label(String text) {
      this.text = text;
    }

    private byte[] bytes() {
      return text.getBytes(US_ASCII);
    }
  }

  /** Signs. */
  public static byte[] sign(PrivateKey key, Label label, byte[] message)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initSign(key);
    signature.update(label.bytes());
    signature.update(message);
    return signature.sign();
  }

  /** Whether the signature is that of the key's holder. */
  public static boolean verify(PublicKey key, Label label, byte[] message, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(label.bytes());
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
