package io.fspf.internal.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a key promises, on every engine. */
class AeadKeyTest {
  private static final byte[] AAD = "where it belongs".getBytes(UTF_8);
  private static final byte[] PLAIN = "Forty-two bytes that nobody may see or mar".getBytes(UTF_8);

  static List<Engine> engines() {
    return Engines.available();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everyChangedBitIsFoundAndNoPlaintextStays(Engine engine) {
    try (AeadKey key = key(engine)) {
      byte[] nonce = key.nextNonce();
      byte[] sealed = new byte[PLAIN.length + 16];
      key.seal(nonce, AAD, PLAIN, 0, PLAIN.length, sealed, 0);
      for (int bit = 0; bit < 8 * sealed.length; bit++) {
        assertRefused(key, nonce, AAD, flipped(sealed, bit), PLAIN.length);
      }
      for (int bit = 0; bit < 8 * nonce.length; bit++) {
        assertRefused(key, flipped(nonce, bit), AAD, sealed, PLAIN.length);
      }
      for (int bit = 0; bit < 8 * AAD.length; bit++) {
        assertRefused(key, nonce, flipped(AAD, bit), sealed, PLAIN.length);
      }
      assertOpens(key, nonce, AAD, sealed);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void tagsThatLookSpecialAreRefused(Engine engine) {
    try (AeadKey key = key(engine)) {
      byte[] nonce = key.nextNonce();
      byte[] sealed = new byte[PLAIN.length + 16];
      key.seal(nonce, AAD, PLAIN, 0, PLAIN.length, sealed, 0);
      for (int fill : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
        byte[] forged = sealed.clone();
        Arrays.fill(forged, PLAIN.length, forged.length, (byte) fill);
        assertRefused(key, nonce, AAD, forged, PLAIN.length);
      }
      byte[] inverted = sealed.clone();
      byte[] reversed = sealed.clone();
      for (int i = 0; i < 16; i++) {
        inverted[PLAIN.length + i] ^= (byte) 0xFF;
        reversed[PLAIN.length + i] = sealed[sealed.length - 1 - i];
      }
      assertRefused(key, nonce, AAD, inverted, PLAIN.length);
      assertRefused(key, nonce, AAD, reversed, PLAIN.length);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void whatIsCutOrLengthenedIsRefused(Engine engine) {
    try (AeadKey key = key(engine)) {
      byte[] nonce = key.nextNonce();
      byte[] sealed = new byte[PLAIN.length + 16];
      key.seal(nonce, AAD, PLAIN, 0, PLAIN.length, sealed, 0);
      for (int length = 0; length < sealed.length; length++) {
        byte[] out = new byte[PLAIN.length];
        assertThat(key.open(nonce, AAD, sealed, 0, length, out, 0)).isFalse();
        assertThat(out).containsOnly(0);
      }
      byte[] longer = Arrays.copyOf(sealed, sealed.length + 1);
      assertRefused(key, nonce, AAD, longer, PLAIN.length + 1);
      byte[] moved = new byte[sealed.length + 1];
      System.arraycopy(sealed, 0, moved, 1, sealed.length);
      assertRefused(key, nonce, AAD, moved, PLAIN.length + 1);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aLargeChangedChunkLeavesNothingBehind(Engine engine) {
    int length = 200_000;
    try (AeadKey key = key(engine)) {
      byte[] plain = new byte[length];
      Arrays.fill(plain, (byte) 7);
      byte[] sealed = new byte[length + 16];
      byte[] nonce = key.nextNonce();
      key.seal(nonce, AAD, plain, 0, length, sealed, 0);
      sealed[length - 1] ^= 1;
      byte[] out = new byte[length + 2];
      Arrays.fill(out, (byte) 9);
      assertThat(key.open(nonce, AAD, sealed, 0, sealed.length, out, 1)).isFalse();
      byte[] expected = new byte[length + 2];
      expected[0] = 9;
      expected[length + 1] = 9;
      assertThat(Arrays.equals(out, expected)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void worksInPlaceAndAtOffsets(Engine engine) {
    try (AeadKey key = key(engine)) {
      for (int length : new int[] {0, 1, 15, 16, 17, 4096, 4097, 70_000, 200_001}) {
        byte[] plain = new byte[length];
        new Random(length).nextBytes(plain);
        byte[] buffer = new byte[5 + length + 16 + 3];
        System.arraycopy(plain, 0, buffer, 5, length);
        byte[] nonces = new byte[20];
        key.nextNonce(nonces, 7);
        key.seal(nonces, 7, AAD, buffer, 5, length, buffer, 5);
        if (length > 16) {
          assertThat(Arrays.equals(buffer, 5, 5 + length, plain, 0, length)).isFalse();
        }
        assertThat(key.open(nonces, 7, AAD, buffer, 5, length + 16, buffer, 5)).isTrue();
        assertThat(Arrays.equals(buffer, 5, 5 + length, plain, 0, length)).isTrue();
        assertThat(Arrays.copyOf(buffer, 5)).containsOnly(0);
        assertThat(Arrays.copyOfRange(buffer, 5 + length + 16, buffer.length)).containsOnly(0);
      }
    }
  }

  @Test
  void overlappingBuffersAreRefused() {
    try (AeadKey key = key(Engines.preferred())) {
      byte[] buffer = new byte[100];
      byte[] nonce = key.nextNonce();
      assertThatThrownBy(() -> key.seal(nonce, AAD, buffer, 0, 40, buffer, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> key.open(nonce, AAD, buffer, 10, 50, buffer, 0))
          .isInstanceOf(IllegalArgumentException.class);
      key.seal(nonce, AAD, buffer, 0, 40, buffer, 40);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void boundsAreChecked(Engine engine) {
    try (AeadKey key = key(engine)) {
      byte[] nonce = key.nextNonce();
      byte[] sixteen = new byte[16];
      assertThatThrownBy(() -> key.seal(nonce, AAD, sixteen, 0, 16, new byte[31], 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> key.seal(nonce, AAD, sixteen, 1, 16, new byte[32], 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> key.seal(nonce, AAD, sixteen, 0, -1, new byte[32], 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> key.seal(nonce, AAD, sixteen, 0, Integer.MAX_VALUE, sixteen, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> key.seal(new byte[16], AAD, sixteen, 0, 16, new byte[32], 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> key.open(nonce, AAD, new byte[32], 0, 32, new byte[15], 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void manyThreadsShareAKey(Engine engine) throws Exception {
    int threads = 4;
    int rounds = engine.name().equals("bc") ? 50 : 500;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (AeadKey key = key(engine)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int number = t;
        futures.add(
            executor.submit(
                () -> {
                  var random = new Random(number);
                  for (int i = 0; i < rounds; i++) {
                    byte[] plain = new byte[random.nextInt(3000)];
                    random.nextBytes(plain);
                    byte[] nonce = key.nextNonce();
                    byte[] sealed = new byte[plain.length + 16];
                    key.seal(nonce, AAD, plain, 0, plain.length, sealed, 0);
                    byte[] opened = new byte[plain.length];
                    assertThat(key.open(nonce, AAD, sealed, 0, sealed.length, opened, 0)).isTrue();
                    assertThat(opened).isEqualTo(plain);
                    sealed[random.nextInt(sealed.length)] ^= 4;
                    assertThat(key.open(nonce, AAD, sealed, 0, sealed.length, opened, 0)).isFalse();
                  }
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aDestroyedKeyRefusesToWork(Engine engine) {
    AeadKey key = key(engine);
    byte[] nonce = key.nextNonce();
    byte[] sealed = new byte[PLAIN.length + 16];
    key.seal(nonce, AAD, PLAIN, 0, PLAIN.length, sealed, 0);
    key.destroy();
    assertThat(key.isDestroyed()).isTrue();
    assertThatThrownBy(() -> key.seal(nonce, AAD, PLAIN, 0, PLAIN.length, sealed, 0))
        .isInstanceOf(IllegalStateException.class);
    byte[] out = new byte[PLAIN.length];
    assertThatThrownBy(() -> key.open(nonce, AAD, sealed, 0, sealed.length, out, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThat(out).containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theKeyHasALifeOfItsOwn(Engine engine) {
    SecretBytes secret = SecretBytes.copyOf(new byte[32]);
    AeadKey key = engine.aead(secret);
    secret.destroy();
    byte[] nonce = key.nextNonce();
    byte[] sealed = new byte[PLAIN.length + 16];
    key.seal(nonce, AAD, PLAIN, 0, PLAIN.length, sealed, 0);
    assertOpens(key, nonce, AAD, sealed);
    assertOpens(engine.aead(SecretBytes.copyOf(new byte[32])), nonce, AAD, sealed);
  }

  @Test
  void keysOfOtherLengthsAreRefused() {
    for (int length : new int[] {0, 16, 24, 31, 33}) {
      SecretBytes secret = SecretBytes.copyOf(new byte[length]);
      assertThatThrownBy(() -> Engines.preferred().aead(secret))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Engines.preferred().gmac(secret))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void keysDoNotShowThemselves() {
    AeadKey key = key(Engines.preferred());
    assertThat(key).hasToString("AeadKey[redacted]");
    assertThat(Engines.preferred().gmac(SecretBytes.copyOf(new byte[32])))
        .hasToString("MacKey[redacted]");
  }

  private static AeadKey key(Engine engine) {
    return engine.aead(RandomSource.system().secret(32));
  }

  private static void assertOpens(AeadKey key, byte[] nonce, byte[] aad, byte[] sealed) {
    byte[] out = new byte[PLAIN.length];
    assertThat(key.open(nonce, aad, sealed, 0, sealed.length, out, 0)).isTrue();
    assertThat(out).isEqualTo(PLAIN);
  }

  private static void assertRefused(
      AeadKey key, byte[] nonce, byte[] aad, byte[] sealed, int length) {
    byte[] out = new byte[length];
    Arrays.fill(out, (byte) 'x');
    assertThat(key.open(nonce, aad, sealed, 0, sealed.length, out, 0)).isFalse();
    assertThat(out).containsOnly(0);
    byte[] inPlace = sealed.clone();
    assertThat(key.open(nonce, aad, inPlace, 0, inPlace.length, inPlace, 0)).isFalse();
    assertThat(Arrays.copyOf(inPlace, length)).containsOnly(0);
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return changed;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void noncesAreOfOneLength(Engine engine) {
    AeadKey key = key(engine);
    byte[] longer = new byte[13];
    byte[] out = new byte[32];
    assertThatThrownBy(() -> key.seal(longer, AAD, PLAIN, 0, 16, out, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> key.open(longer, AAD, out, 0, 32, out, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(key.isDestroyed()).isFalse();
    key.close();
    assertThat(key.isDestroyed()).isTrue();
  }
}
