package io.fspf.internal.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a MAC key promises, on every engine. */
class MacKeyTest {
  private static final byte[] PREFIX = "sixteen bytes: 1".getBytes(UTF_8);
  private static final byte[] DATA = "Readable, but not to be changed".getBytes(UTF_8);

  static List<Engine> engines() {
    return Engines.available();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everyChangedBitIsFound(Engine engine) {
    try (MacKey key = key(engine)) {
      byte[] nonce = key.nextNonce();
      byte[] tag = new byte[16];
      key.mac(nonce, PREFIX, DATA, 0, DATA.length, tag, 0);
      for (int bit = 0; bit < 128; bit++) {
        assertThat(key.verify(nonce, PREFIX, DATA, 0, DATA.length, flipped(tag, bit))).isFalse();
        assertThat(key.verify(nonce, flipped(PREFIX, bit), DATA, 0, DATA.length, tag)).isFalse();
      }
      for (int bit = 0; bit < 8 * DATA.length; bit++) {
        assertThat(key.verify(nonce, PREFIX, flipped(DATA, bit), 0, DATA.length, tag)).isFalse();
      }
      for (int bit = 0; bit < 96; bit++) {
        assertThat(key.verify(flipped(nonce, bit), PREFIX, DATA, 0, DATA.length, tag)).isFalse();
      }
      for (int length = 0; length < DATA.length; length++) {
        assertThat(key.verify(nonce, PREFIX, DATA, 0, length, tag)).isFalse();
      }
      assertThat(key.verify(nonce, PREFIX, DATA, 0, DATA.length, new byte[15])).isFalse();
      assertThat(key.verify(nonce, PREFIX, DATA, 0, DATA.length, tag)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void verifiesTheSameAgainAndAgain(Engine engine) {
    try (MacKey key = key(engine)) {
      byte[] nonce = key.nextNonce();
      byte[] tag = new byte[16];
      key.mac(nonce, PREFIX, DATA, 0, DATA.length, tag, 0);
      for (int i = 0; i < 10; i++) {
        assertThat(key.verify(nonce, PREFIX, DATA, 0, DATA.length, tag)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void worksAtOffsetsAndLeavesTheRestAlone(Engine engine) {
    try (MacKey key = key(engine)) {
      byte[] records = new byte[60];
      key.nextNonce(records, 10);
      key.mac(records, 10, PREFIX, DATA, 3, 20, records, 22);
      assertThat(key.verify(records, 10, PREFIX, DATA, 3, 20, records, 22)).isTrue();
      assertThat(key.verify(records, 10, PREFIX, DATA, 4, 20, records, 22)).isFalse();
      for (int i = 0; i < records.length; i++) {
        if (i < 10 || i >= 38) {
          assertThat(records[i]).isZero();
        }
      }
      assertThatThrownBy(() -> key.mac(records, 10, PREFIX, DATA, 0, 20, records, 45))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> key.verify(records, 10, PREFIX, DATA, 20, 20, records, 22))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void manyThreadsShareAKey(Engine engine) throws Exception {
    int threads = 4;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (MacKey key = key(engine)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int number = t;
        futures.add(
            executor.submit(
                () -> {
                  var random = new Random(number);
                  for (int i = 0; i < 200; i++) {
                    byte[] data = new byte[random.nextInt(3000)];
                    random.nextBytes(data);
                    byte[] nonce = key.nextNonce();
                    byte[] tag = new byte[16];
                    key.mac(nonce, PREFIX, data, 0, data.length, tag, 0);
                    assertThat(key.verify(nonce, PREFIX, data, 0, data.length, tag)).isTrue();
                    tag[random.nextInt(16)] ^= 1;
                    assertThat(key.verify(nonce, PREFIX, data, 0, data.length, tag)).isFalse();
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
    MacKey key = key(engine);
    byte[] nonce = key.nextNonce();
    key.close();
    assertThat(key.isDestroyed()).isTrue();
    assertThatThrownBy(() -> key.mac(nonce, PREFIX, DATA, 0, DATA.length, new byte[16], 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> key.verify(nonce, PREFIX, DATA, 0, DATA.length, new byte[16]))
        .isInstanceOf(IllegalStateException.class);
  }

  private static MacKey key(Engine engine) {
    return engine.gmac(RandomSource.system().secret(32));
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return changed;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void noncesAreRandomAndOfOneLength(Engine engine) {
    MacKey key = engine.gmac(SecretBytes.copyOf(new byte[32]));
    assertThat(key.nextNonce())
        .hasSize(12)
        .isNotEqualTo(new byte[12])
        .isNotEqualTo(key.nextNonce());
    byte[] into = new byte[14];
    key.nextNonce(into, 1);
    assertThat(into[0]).isZero();
    assertThat(into[13]).isZero();
    assertThat(into).isNotEqualTo(new byte[14]);
    byte[] tag = new byte[16];
    byte[] longer = new byte[13];
    assertThatThrownBy(() -> key.mac(longer, into, into, 0, 14, tag, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> key.verify(longer, into, into, 0, 14, tag))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(key.isDestroyed()).isFalse();
    key.close();
    assertThat(key.isDestroyed()).isTrue();
  }
}
