package io.fspf.internal.crypto;

import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A quick known-answer test of an engine, run before it is trusted with anything. */
final class SelfTest {
  // Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation": AES-256, 60 bytes,
  // with additional data.
  private static final byte[] KEY =
      hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  private static final byte[] NONCE = hex("cafebabefacedbaddecaf888");
  private static final byte[] AAD = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  private static final byte[] PLAIN =
      hex(
          "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
              + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  private static final byte[] SEALED =
      hex(
          "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
              + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
              + "76fc6ece0f4e1768cddf8853bb2d551b");
  // NIST CAVP, gcmEncryptExtIV256: no plaintext, 16 bytes of additional data.
  private static final byte[] MAC_KEY =
      hex("78dc4e0aaf52d935c3c01eea57428f00ca1fd475f5da86a49c8dd73d68c8e223");
  private static final byte[] MAC_NONCE = hex("d79cf22d504cc793c3fb6c8a");
  private static final byte[] MAC_DATA = hex("b96baa8c1c75a671bfb2d08d06be5f36");
  private static final byte[] MAC_TAG = hex("3e5d486aa2e30b22e040b85723a06e76");
  // FIPS 180-4's example.
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ABC_DIGEST =
      hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

  private SelfTest() {}

  /** Throws {@link IllegalStateException} if the engine computes something wrong. */
  static void run(Engine engine) {
    try (SecretBytes secret = SecretBytes.copyOf(KEY);
        AeadKey key = engine.aead(secret)) {
      byte[] sealed = new byte[SEALED.length];
      key.seal(NONCE, AAD, PLAIN, 0, PLAIN.length, sealed, 0);
      check(Arrays.equals(sealed, SEALED), "AES-GCM seals wrong");
      byte[] opened = new byte[PLAIN.length];
      check(
          key.open(NONCE, AAD, sealed, 0, sealed.length, opened, 0) && Arrays.equals(opened, PLAIN),
          "AES-GCM opens wrong");
      sealed[0] ^= 1;
      check(
          !key.open(NONCE, AAD, sealed, 0, sealed.length, opened, 0),
          "AES-GCM opens what was changed");
    }
    try (SecretBytes secret = SecretBytes.copyOf(MAC_KEY);
        MacKey key = engine.gmac(secret)) {
      check(key.verify(MAC_NONCE, MAC_DATA, MAC_DATA, 0, 0, MAC_TAG), "AES-GMAC is wrong");
    }
    check(engine.sha256().matches(ABC_DIGEST, ABC, 0, ABC.length), "SHA-256 is wrong");
  }

  private static void check(boolean right, String otherwise) {
    if (!right) {
      throw new IllegalStateException("self test failed: " + otherwise);
    }
  }

  private static byte[] hex(String text) {
    return BaseEncoding.base16().lowerCase().decode(text);
  }
}
