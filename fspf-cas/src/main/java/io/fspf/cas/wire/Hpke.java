package io.fspf.cas.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.primitives.Bytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;

/**
 * Hybrid public key encryption (RFC 9180) in base mode, with DHKEM(X25519, HKDF-SHA256),
 * HKDF-SHA256 and AES-256-GCM. What is sealed is the encapsulated key, 32 bytes, and the
 * ciphertext.
 */
public final class Hpke {
  /** The length of a public key in bytes. */
  public static final int PUBLIC_KEY_LENGTH = 32;

  private static final int PRIVATE_KEY_LENGTH = 32;
  private static final int ENCAPSULATION_LENGTH = 32;

  private Hpke() {}

  /** What something is sealed for; it cannot be opened as something else. */
  public enum Purpose {
    /** A session on its way to the service. */
    SESSION("fspf cas session v1"),
    /** What a program gets. */
    RELEASE("fspf cas release v1"),
    /** A volume on its way from one service to another. */
    BUNDLE("fspf cas bundle v1");

    private final String info;

    Purpose(String info) {
      this.info = info;
    }

    private byte[] info() {
      return info.getBytes(US_ASCII);
    }
  }

  // The library's object keeps state while it works, so each use has its own.
  private static HPKE suite() {
    return new HPKE(
        HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
  }

  /** A key pair; {@link #toString} does not show it. */
  public static final class KeyPair {
    private final byte[] privateKey;
    private final byte[] publicKey;

    private KeyPair(byte[] privateKey, byte[] publicKey) {
      this.privateKey = privateKey;
      this.publicKey = publicKey;
    }

    /** A new one. */
    public static KeyPair generate() {
      HPKE suite = suite();
      AsymmetricCipherKeyPair pair = suite.generatePrivateKey();
      return new KeyPair(
          suite.serializePrivateKey(pair.getPrivate()), suite.serializePublicKey(pair.getPublic()));
    }

    /** The one with these keys, 32 bytes each. */
    public static KeyPair of(byte[] privateKey, byte[] publicKey) {
      if (privateKey.length != PRIVATE_KEY_LENGTH || publicKey.length != PUBLIC_KEY_LENGTH) {
        throw new IllegalArgumentException("X25519 keys have 32 bytes");
      }
      return new KeyPair(privateKey.clone(), publicKey.clone());
    }

    /** The public key. */
    public byte[] publicKey() {
      return publicKey.clone();
    }

    /** The private key, which the caller wipes. */
    public byte[] exportPrivateKey() {
      return privateKey.clone();
    }
  }

  /**
   * Whether something can be sealed to this.
   *
   * @throws GeneralSecurityException if the public key is none
   */
  public static void checkPublicKey(byte[] publicKey) throws GeneralSecurityException {
    // A point of low order is noticed only when a secret is agreed on.
    var unused = seal(publicKey, Purpose.RELEASE, new byte[0], new byte[0]);
  }

  /**
   * Seals.
   *
   * @param context what it belongs to; whoever opens it has to know the same
   * @throws GeneralSecurityException if the public key is none
   */
  public static byte[] seal(byte[] publicKey, Purpose purpose, byte[] context, byte[] plain)
      throws GeneralSecurityException {
    try {
      HPKE suite = suite();
      var sender = suite.setupBaseS(suite.deserializePublicKey(publicKey), purpose.info());
      return Bytes.concat(sender.getEncapsulation(), sender.seal(context, plain));
    } catch (InvalidCipherTextException | RuntimeException e) {
      throw new GeneralSecurityException("Cannot be sealed to this key", e);
    }
  }

  /**
   * Opens what was sealed.
   *
   * @throws GeneralSecurityException if it was sealed to another key, for another purpose, in
   *     another context, or changed
   */
  public static byte[] open(KeyPair keys, Purpose purpose, byte[] context, byte[] sealed)
      throws GeneralSecurityException {
    if (sealed.length < ENCAPSULATION_LENGTH) {
      throw new GeneralSecurityException("Too short for something sealed");
    }
    try {
      HPKE suite = suite();
      var receiver =
          suite.setupBaseR(
              Arrays.copyOf(sealed, ENCAPSULATION_LENGTH),
              suite.deserializePrivateKey(keys.privateKey, keys.publicKey),
              purpose.info());
      return receiver.open(
          context, sealed, ENCAPSULATION_LENGTH, sealed.length - ENCAPSULATION_LENGTH);
    } catch (InvalidCipherTextException | RuntimeException e) {
      throw new GeneralSecurityException("Sealed to another key, or changed", e);
    }
  }
}
