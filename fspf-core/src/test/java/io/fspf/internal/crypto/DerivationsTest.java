package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.BaseEncoding;
import io.fspf.Integrity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That what must differ differs, and what is out of range is refused. */
class DerivationsTest {
  private static final byte[] NONE = {};
  private static final byte[] SALT = new byte[32];
  private static final byte[] ID = new byte[16];

  private final CryptoContext context = CryptoContext.standard();

  @Test
  void metadataKeysDependOnKeySaltAndVolume() {
    byte[] otherSalt = SALT.clone();
    otherSalt[31] = 1;
    byte[] otherId = ID.clone();
    otherId[15] = 1;
    SecretBytes key = SecretBytes.copyOf(new byte[32]);
    try (MetadataKeys keys = MetadataKeys.derive(context, key, SALT, ID)) {
      Set<String> commitments = new HashSet<>();
      commitments.add(BaseEncoding.base16().encode(keys.commitment()));
      for (MetadataKeys other :
          List.of(
              MetadataKeys.derive(
                  context, SecretBytes.copyOf(RandomSource.system().bytes(32)), SALT, ID),
              MetadataKeys.derive(context, key, otherSalt, ID),
              MetadataKeys.derive(context, key, SALT, otherId))) {
        assertThat(keys.matches(other.commitment())).isFalse();
        commitments.add(BaseEncoding.base16().encode(other.commitment()));
        assertDiffer(keys.node(), other.node());
        assertDiffer(keys.commit(), other.commit());
      }
      assertThat(commitments).hasSize(4);
      assertDiffer(keys.node(), keys.commit());
      assertDiffer(keys.node(), keys.fileKeys());
      assertDiffer(keys.commit(), keys.fileKeys());
      assertThat(keys.matches(NONE)).isFalse();
      keys.commitment()[0] ^= 1;
      assertThat(keys.matches(keys.commitment())).isTrue();
      assertThat(keys.toString()).contains("redacted");
    }
  }

  @Test
  void closingTheMetadataKeysDestroysThem() {
    SecretBytes key = SecretBytes.copyOf(RandomSource.system().bytes(32));
    MetadataKeys keys = MetadataKeys.derive(context, key, SALT, ID);
    keys.close();
    assertThat(keys.node().isDestroyed()).isTrue();
    assertThat(keys.commit().isDestroyed()).isTrue();
    assertThat(keys.fileKeys().isDestroyed()).isTrue();
    assertThat(key.isDestroyed()).as("the volume key is the caller's").isFalse();
  }

  @Test
  void chunkKeysDependOnFileEpochAndMode() {
    SecretBytes fileKey = SecretBytes.copyOf(new byte[32]);
    byte[] otherId = ID.clone();
    otherId[0] = 1;
    AeadKey key = ChunkKeys.gcm(context, fileKey, ID, 0);
    assertDiffer(key, ChunkKeys.gcm(context, fileKey, ID, 1));
    assertDiffer(key, ChunkKeys.gcm(context, fileKey, otherId, 0));
    assertDiffer(
        key, ChunkKeys.gcm(context, SecretBytes.copyOf(new byte[32], 0, 32).copy(), otherId, 0));
    byte[] nonce = new byte[12];
    byte[] gcmTag = new byte[16];
    key.seal(nonce, NONE, NONE, 0, 0, gcmTag, 0);
    MacKey mac = ChunkKeys.gmac(context, fileKey, ID, 0);
    assertThat(mac.verify(nonce, NONE, NONE, 0, 0, gcmTag)).isFalse();
    assertThat(ChunkKeys.gmac(context, fileKey, ID, 1).verify(nonce, NONE, NONE, 0, 0, gcmTag))
        .isFalse();
  }

  @Test
  void chunkBlocksDifferInEveryField() {
    Set<String> blocks = new HashSet<>();
    byte[] otherId = ID.clone();
    otherId[7] = 1;
    int made = 0;
    for (Integrity mode : Integrity.values()) {
      for (int region : new int[] {0, 1, -1}) {
        for (byte[] id : List.of(ID, otherId)) {
          for (int epoch : new int[] {0, 1}) {
            if (mode == Integrity.SHA256 && epoch != 0) {
              continue;
            }
            var aad = new ChunkAad(mode, region, id, epoch);
            for (long index : new long[] {0, 1, 1L << 32}) {
              for (int length : new int[] {0, 1, 4096}) {
                byte[] block = aad.of(index, length);
                assertThat(block).hasSize(ChunkAad.LENGTH);
                blocks.add(BaseEncoding.base16().encode(block));
                made++;
              }
            }
          }
        }
      }
    }
    assertThat(blocks).hasSize(made);
  }

  @Test
  void wrongLengthsAreRefused() {
    SecretBytes key = SecretBytes.copyOf(RandomSource.system().bytes(32));
    SecretBytes short31 = SecretBytes.copyOf(new byte[31]);
    SecretBytes fileKey = SecretBytes.copyOf(new byte[32]);
    assertRefused(() -> MetadataKeys.derive(context, key, new byte[31], ID));
    assertRefused(() -> MetadataKeys.derive(context, key, SALT, new byte[15]));
    assertRefused(() -> ChunkKeys.gcm(context, short31, ID, 0));
    assertRefused(() -> ChunkKeys.gmac(context, fileKey, new byte[17], 0));
    assertRefused(() -> new ChunkAad(Integrity.GCM, 0, new byte[15], 0));
    assertRefused(() -> new ChunkAad(Integrity.SHA256, 0, ID, 1));
    assertRefused(() -> new ChunkAad(Integrity.GCM, 0, ID, 0).of(-1, 0));
    assertRefused(() -> new ChunkAad(Integrity.GCM, 0, ID, 0).of(0, -1));
    assertRefused(() -> Hkdf.sha256(fileKey, NONE, NONE, 0));
    assertRefused(() -> Hkdf.sha256(fileKey, NONE, NONE, Hkdf.MAX_LENGTH + 1));
    assertThat(Hkdf.sha256(fileKey, NONE, NONE, Hkdf.MAX_LENGTH).length())
        .isEqualTo(Hkdf.MAX_LENGTH);
  }

  @Test
  void argon2CostsOutOfRangeAreRefused() {
    assertRefused(() -> new Argon2id.Cost(Argon2id.MAX_MEMORY_KIB + 1, 1, 1));
    assertRefused(() -> new Argon2id.Cost(-1, 1, 1));
    assertRefused(() -> new Argon2id.Cost(7, 1, 1));
    assertRefused(() -> new Argon2id.Cost(31, 1, 4));
    assertRefused(() -> new Argon2id.Cost(64, 0, 1));
    assertRefused(() -> new Argon2id.Cost(64, Argon2id.MAX_ITERATIONS + 1, 1));
    assertRefused(() -> new Argon2id.Cost(64, 1, 0));
    assertRefused(() -> new Argon2id.Cost(1024, 1, Argon2id.MAX_PARALLELISM + 1));
    assertRefused(() -> new Argon2id.Cost(64, Integer.MIN_VALUE, 1));
    var cost = new Argon2id.Cost(64, 1, 1);
    SecretBytes passphrase = SecretBytes.copyOf(new byte[1]);
    assertRefused(() -> Argon2id.derive(passphrase, new byte[7], cost, 32));
    assertRefused(() -> Argon2id.derive(passphrase, new byte[8], cost, 3));
    assertRefused(() -> Argon2id.derive(passphrase, new byte[8], cost, 65));
    assertThat(new Argon2id.Cost(Argon2id.MAX_MEMORY_KIB, 64, 16).work()).isEqualTo(64L << 20);
  }

  private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertDiffer(AeadKey a, AeadKey b) {
    byte[] nonce = a.nextNonce();
    byte[] sealed = new byte[16];
    a.seal(nonce, NONE, NONE, 0, 0, sealed, 0);
    assertThat(b.open(nonce, NONE, sealed, 0, 16, NONE, 0)).isFalse();
    assertThat(a.open(nonce, NONE, sealed, 0, 16, NONE, 0)).isTrue();
  }
}
