package io.fspf.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.Bytes;
import com.google.common.primitives.Longs;
import com.google.protobuf.ByteString;
import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.AeadKey;
import io.fspf.internal.crypto.Argon2id;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.RandomSource;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.format.PassphraseSlot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A key slot that opens under two passphrases, which AES-GCM allows to who makes it: the two keys
 * differ, and a volume takes one of them only.
 */
class KeyCommitmentTest {
  private static final PassphraseCost CHEAP =
      new PassphraseCost(PassphraseCost.MIN_MEMORY_KIB, 1, 1);
  private static final List<String> PASSPHRASES = List.of("the one", "the other");
  private static final int BLOCK = 16;

  @TempDir Path directory;

  @Test
  void aSlotForTwoPassphrasesOpensAVolumeUnderOne() throws Exception {
    for (int owner = 0; owner < 2; owner++) {
      Path home = Files.createDirectory(directory.resolve("volume" + owner));
      var insider = new Insider(PASSPHRASES.get(owner));
      Volume.create(home, options(insider), List.of(Region.encrypted(VolumePath.ROOT, ".")))
          .close();
      VolumeKey[] keys = new VolumeKey[2];
      for (int i = 0; i < 2; i++) {
        keys[i] =
            provider(PASSPHRASES.get(i)).unlock(KeyRequest.of(insider.volumeId, insider.slots));
      }
      assertThat(keys[0]).as("the slot opens to both").isNotEqualTo(keys[1]);

      Volume.open(home, options(provider(PASSPHRASES.get(owner)))).close();
      Volume.open(home, options(KeyProviders.raw(keys[owner]))).close();
      KeyProvider other = provider(PASSPHRASES.get(1 - owner));
      assertThatThrownBy(() -> Volume.open(home, options(other)))
          .isInstanceOf(VolumeKeyException.class)
          .hasMessageContaining("Wrong key");
      KeyProvider otherKey = KeyProviders.raw(keys[1 - owner]);
      assertThatThrownBy(() -> Volume.open(home, options(otherKey)))
          .isInstanceOf(VolumeKeyException.class)
          .hasMessageContaining("Wrong key");
    }
  }

  private static KeyProvider provider(String passphrase) {
    return KeyProviders.passphrase(passphrase.toCharArray(), CHEAP);
  }

  private static VolumeOptions options(KeyProvider keys) {
    return VolumeOptions.of(Freshness.unchecked()).withKeys(keys).writable();
  }

  /** Makes a volume whose one slot opens under both passphrases, with the key of one of them. */
  private static final class Insider implements KeyProvider {
    private final String passphrase;
    byte[] volumeId = {};
    List<KeySlot> slots = List.of();

    Insider(String passphrase) {
      this.passphrase = passphrase;
    }

    @Override
    public NewKey create(byte[] id) throws IOException {
      volumeId = id.clone();
      try {
        slots = List.of(collision(id));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
      return new NewKey(provider(passphrase).unlock(KeyRequest.of(id, slots)), slots);
    }

    @Override
    public VolumeKey unlock(KeyRequest request) throws IOException {
      return provider(passphrase).unlock(request);
    }
  }

  /**
   * Two blocks of ciphertext and a tag that is right under two keys: the tag is linear in the
   * second block C2, with the factor H² of its key, so that C2 = (t1 + t2) / (H1² + H2²), where t1
   * and t2 are the tags for a second block of zeros.
   */
  private static KeySlot collision(byte[] volumeId) throws GeneralSecurityException {
    byte[] salt = RandomSource.system().bytes(16);
    byte[] nonce = RandomSource.system().bytes(AeadKey.NONCE_LENGTH);
    byte[] aad = aad(volumeId, salt);
    byte[] ciphertext = Arrays.copyOf(RandomSource.system().bytes(BLOCK), VolumeKey.LENGTH);
    var tags = new Element[2];
    var factors = new Element[2];
    byte[][] keys = new byte[2][];
    for (int i = 0; i < 2; i++) {
      try (SecretBytes wrapping =
          Argon2id.derive(
              Passphrases.encode(PASSPHRASES.get(i).toCharArray()),
              salt,
              CHEAP.argon2(),
              AeadKey.KEY_LENGTH)) {
        keys[i] = wrapping.expose(byte[]::clone);
      }
      tags[i] = Element.of(tag(keys[i], nonce, aad, ciphertext));
      Cipher block = Cipher.getInstance("AES/ECB/NoPadding");
      block.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys[i], "AES"));
      Element hash = Element.of(block.doFinal(new byte[BLOCK]));
      factors[i] = hash.times(hash);
    }
    byte[] second = tags[0].plus(tags[1]).times(factors[0].plus(factors[1]).inverse()).toBytes();
    System.arraycopy(second, 0, ciphertext, BLOCK, BLOCK);
    byte[] tag = tag(keys[0], nonce, aad, ciphertext);
    assertThat(tag(keys[1], nonce, aad, ciphertext)).isEqualTo(tag);
    var slot =
        PassphraseSlot.newBuilder()
            .setSalt(ByteString.copyFrom(salt))
            .setMemoryKib(CHEAP.memoryKib())
            .setIterations(CHEAP.iterations())
            .setParallelism(CHEAP.parallelism())
            .setNonce(ByteString.copyFrom(nonce))
            .setWrappedKey(ByteString.copyFrom(Bytes.concat(ciphertext, tag)));
    return KeySlot.ofBytes(
        io.fspf.internal.format.KeySlot.newBuilder().setPassphrase(slot).build().toByteArray());
  }

  /** The tag that goes with a ciphertext: encryption is XOR with a stream, so done twice it is. */
  private static byte[] tag(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext) {
    byte[] clear = Arrays.copyOf(sealed(key, nonce, aad, ciphertext), ciphertext.length);
    byte[] sealed = sealed(key, nonce, aad, clear);
    assertThat(sealed).startsWith(ciphertext);
    return Arrays.copyOfRange(sealed, ciphertext.length, sealed.length);
  }

  private static byte[] sealed(byte[] key, byte[] nonce, byte[] aad, byte[] clear) {
    byte[] sealed = new byte[clear.length + AeadKey.TAG_LENGTH];
    try (SecretBytes secret = SecretBytes.copyOf(key);
        AeadKey aead = CryptoContext.standard().aead(secret)) {
      aead.seal(nonce, aad, clear, 0, clear.length, sealed, 0);
    }
    return sealed;
  }

  /** As docs/format.md has it. */
  private static byte[] aad(byte[] volumeId, byte[] salt) {
    return Bytes.concat(
        "fspf/v1/key-slot/passphrase".getBytes(StandardCharsets.US_ASCII),
        volumeId,
        salt,
        ByteBuffer.allocate(12)
            .putInt(CHEAP.memoryKib())
            .putInt(CHEAP.iterations())
            .putInt(CHEAP.parallelism())
            .array());
  }

  /**
   * An element of GF(2^128) as GCM writes it: the first bit of the first byte is the coefficient of
   * x^0, and x^128 = x^7 + x^2 + x + 1 (NIST SP 800-38D, 6.3).
   */
  private record Element(long high, long low) {
    private static final long REDUCTION = 0xE1L << 56;

    static Element of(byte[] block) {
      return new Element(
          Longs.fromByteArray(block), Longs.fromByteArray(Arrays.copyOfRange(block, 8, BLOCK)));
    }

    byte[] toBytes() {
      return Bytes.concat(Longs.toByteArray(high), Longs.toByteArray(low));
    }

    Element plus(Element other) {
      return new Element(high ^ other.high, low ^ other.low);
    }

    Element times(Element other) {
      var sum = new Element(0, 0);
      Element shifted = this;
      for (int bit = 0; bit < 128; bit++) {
        long word = bit < 64 ? other.high : other.low;
        if (word << bit < 0) {
          sum = sum.plus(shifted);
        }
        shifted = shifted.timesX();
      }
      return sum;
    }

    private Element timesX() {
      return new Element(
          (high >>> 1) ^ ((low & 1) == 0 ? 0 : REDUCTION), (low >>> 1) | (high << 63));
    }

    /** Its power 2^128 - 2. */
    Element inverse() {
      Element square = times(this);
      Element product = square;
      for (int i = 2; i < 128; i++) {
        square = square.times(square);
        product = product.times(square);
      }
      return product;
    }
  }
}
