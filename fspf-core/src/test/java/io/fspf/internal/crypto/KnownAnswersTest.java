package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.Integrity;
import io.fspf.internal.crypto.Vectors.Vector;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that has a published known answer, on every engine. */
class KnownAnswersTest {
  private static final byte[] NONE = {};

  static List<Engine> engines() {
    return Engines.available();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void gcm(Engine engine) {
    for (Vector vector : Vectors.read("gcm.txt", "gcm-edges.txt")) {
      byte[] plain = vector.bytes("plaintext");
      byte[] cipher = vector.bytes("ciphertext");
      byte[] tag = vector.bytes("tag");
      byte[] expected = Arrays.copyOf(cipher, cipher.length + tag.length);
      System.arraycopy(tag, 0, expected, cipher.length, tag.length);
      try (AeadKey key = engine.aead(vector.secret("key"))) {
        byte[] sealed = new byte[expected.length];
        key.seal(vector.bytes("nonce"), vector.bytes("aad"), plain, 0, plain.length, sealed, 0);
        assertThat(sealed).as("%s", vector).isEqualTo(expected);

        byte[] opened = new byte[plain.length];
        assertThat(
                key.open(
                    vector.bytes("nonce"),
                    vector.bytes("aad"),
                    expected,
                    0,
                    expected.length,
                    opened,
                    0))
            .isTrue();
        assertThat(opened).isEqualTo(plain);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void whatMustNotOpenDoesNotAndLeavesNothing(Engine engine) {
    for (Vector vector : Vectors.read("gcm-refused.txt")) {
      byte[] cipher = vector.bytes("ciphertext");
      byte[] tag = vector.bytes("tag");
      byte[] sealed = com.google.common.primitives.Bytes.concat(cipher, tag);
      try (AeadKey key = engine.aead(vector.secret("key"))) {
        byte[] out = new byte[cipher.length];
        Arrays.fill(out, (byte) 9);
        assertThat(
                key.open(
                    vector.bytes("nonce"), vector.bytes("aad"), sealed, 0, sealed.length, out, 0))
            .as("%s", vector)
            .isFalse();
        assertThat(out).as("%s", vector).isEqualTo(new byte[out.length]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void gmacWhereverThePrefixEnds(Engine engine) {
    for (Vector vector : Vectors.read("gmac.txt", "gmac-edges.txt")) {
      byte[] data = vector.bytes("data");
      byte[] nonce = vector.bytes("nonce");
      try (MacKey key = engine.gmac(vector.secret("key"))) {
        for (int split = 0; split <= data.length; split++) {
          byte[] prefix = Arrays.copyOf(data, split);
          assertThat(
                  key.verify(nonce, prefix, data, split, data.length - split, vector.bytes("tag")))
              .as("%s split at %d", vector, split)
              .isTrue();
        }
      }
      try (MacKey key = engine.gmac(vector.secret("key"))) {
        byte[] tag = new byte[16];
        key.mac(nonce, NONE, data, 0, data.length, tag, 0);
        assertThat(tag).isEqualTo(vector.bytes("tag"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void sha256(Engine engine) {
    for (Vector vector : Vectors.read("sha256.txt", "sha256-edges.txt")) {
      byte[] message = vector.bytes("message");
      Sha256 sha256 = engine.sha256();
      assertThat(sha256.digest(message)).isEqualTo(vector.bytes("digest"));
      assertThat(sha256.newDigest().digest(message)).isEqualTo(vector.bytes("digest"));
      assertThat(sha256.matches(vector.bytes("digest"), message, 0, message.length)).isTrue();
      byte[] wrong = vector.bytes("digest");
      wrong[31] ^= 1;
      assertThat(sha256.matches(wrong, message, 0, message.length)).isFalse();
      assertThat(sha256.matches(NONE, message, 0, message.length)).isFalse();
    }
  }

  @Test
  void hkdf() {
    for (Vector vector : Vectors.read("hkdf-sha256.txt", "hkdf-edges.txt")) {
      byte[] expected = vector.bytes("okm");
      SecretBytes okm =
          Hkdf.sha256(
              vector.secret("ikm"), vector.bytes("salt"), vector.bytes("info"), expected.length);
      assertThat(okm).isEqualTo(SecretBytes.copyOf(expected));
    }
  }

  @Test
  void argon2id() {
    for (Vector vector : Vectors.read("argon2id.txt", "argon2id-edges.txt")) {
      var cost =
          new Argon2id.Cost(
              (int) vector.number("memory_kib"),
              (int) vector.number("iterations"),
              (int) vector.number("parallelism"));
      SecretBytes tag =
          Argon2id.derive(
              vector.secret("passphrase"),
              vector.bytes("salt"),
              vector.bytes("secret"),
              vector.bytes("data"),
              cost,
              vector.bytes("tag").length);
      assertThat(tag).as("%s", vector).isEqualTo(vector.secret("tag"));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void metadataKeys(Engine engine) {
    CryptoContext context = CryptoContext.of(engine);
    Vector vector = only("metadata").get(0);
    try (SecretBytes volumeKey = SecretBytes.copyOf(vector.bytes("volume_key"));
        MetadataKeys keys =
            MetadataKeys.derive(
                context, volumeKey, vector.bytes("salt"), vector.bytes("volume_id"))) {
      assertThat(keys.commitment()).isEqualTo(vector.bytes("commitment"));
      assertThat(keys.matches(vector.bytes("commitment"))).isTrue();
      assertSameKey(keys.node(), context.aead(vector.secret("node")));
      assertSameKey(keys.commit(), context.aead(vector.secret("commit")));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void chunkKeys(Engine engine) {
    CryptoContext context = CryptoContext.of(engine);
    for (Vector vector : only("chunk-gcm")) {
      assertSameKey(
          ChunkKeys.gcm(
              context,
              vector.secret("file_key"),
              vector.bytes("file_id"),
              (int) vector.number("key_epoch")),
          context.aead(vector.secret("key")));
    }
    for (Vector vector : only("chunk-gmac")) {
      MacKey derived =
          ChunkKeys.gmac(
              context,
              vector.secret("file_key"),
              vector.bytes("file_id"),
              (int) vector.number("key_epoch"));
      byte[] nonce = derived.nextNonce();
      byte[] tag = new byte[16];
      derived.mac(nonce, NONE, nonce, 0, 12, tag, 0);
      assertThat(context.gmac(vector.secret("key")).verify(nonce, NONE, nonce, 0, 12, tag))
          .isTrue();
    }
  }

  @Test
  void chunkBlocks() {
    for (Vector vector : only("chunk-block")) {
      var aad =
          new ChunkAad(
              Integrity.valueOf(vector.text("mode_name")),
              (int) vector.number("region"),
              vector.bytes("file_id"),
              (int) vector.number("key_epoch"));
      assertThat(aad.of(vector.number("index"), (int) vector.number("length")))
          .isEqualTo(vector.bytes("block"));
    }
  }

  private static List<Vector> only(String kind) {
    List<Vector> vectors =
        Vectors.read("derivations.txt").stream().filter(vector -> vector.is(kind)).toList();
    assertThat(vectors).isNotEmpty();
    return vectors;
  }

  private static void assertSameKey(AeadKey a, AeadKey b) {
    byte[] nonce = a.nextNonce();
    byte[] sealed = new byte[16 + 12];
    a.seal(nonce, NONE, nonce, 0, 12, sealed, 0);
    byte[] opened = new byte[12];
    assertThat(b.open(nonce, NONE, sealed, 0, sealed.length, opened, 0)).isTrue();
    assertThat(opened).isEqualTo(nonce);
  }
}
