package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import com.google.common.io.BaseEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BufferedRandomTest {
  /** Hands out 1, 2, 3, ... so that every byte tells from which draw and place it is. */
  private static final class Counting implements RandomSource {
    final AtomicInteger draws = new AtomicInteger();
    private int next = 1;

    @Override
    public synchronized void fill(byte[] into, int offset, int length) {
      draws.incrementAndGet();
      for (int i = 0; i < length; i++) {
        into[offset + i] = (byte) next++;
      }
    }
  }

  private final AtomicLong now = new AtomicLong();
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now.get();
        }
      };

  @Test
  void drawsInPortionsAndHandsOutEachByteOnce() {
    var source = new Counting();
    var random = new BufferedRandom(source, ticker);
    int nonces = BufferedRandom.PORTION / 12;
    for (int i = 0; i < nonces; i++) {
      byte[] nonce = random.bytes(12);
      for (int j = 0; j < 12; j++) {
        assertThat(nonce[j]).isEqualTo((byte) (1 + 12 * i + j));
      }
    }
    assertThat(source.draws).hasValue(1);
    assertThat(random.bytes(12)[0]).isEqualTo((byte) (1 + BufferedRandom.PORTION));
    assertThat(source.draws).hasValue(2);
  }

  /** Nanoseconds count from anywhere, also from below zero. */
  @Test
  void ageIsADifferenceWhereverTheClockStands() {
    for (long start : new long[] {-1L << 60, -1, 1, 1L << 60}) {
      now.set(start);
      var source = new Counting();
      var random = new BufferedRandom(source, ticker);
      byte[] first = random.bytes(12);
      now.addAndGet(BufferedRandom.MAX_AGE_NANOS);
      assertThat(random.bytes(12)).isNotEqualTo(first);
      assertThat(source.draws).as("from %s on", start).hasValue(1);
      now.addAndGet(1);
      // A new portion begins, and this source's portions are alike.
      assertThat(random.bytes(12)).isEqualTo(first);
      assertThat(source.draws).as("from %s on", start).hasValue(2);
    }
  }

  @Test
  void aSourceFillsWhatItWasAskedForAndNoMore() {
    byte[] into = new byte[40];
    for (int i = 0; i < 5; i++) {
      RandomSource.system().fill(into, 4, 32);
      RandomSource.system().fill(into, 0, 3);
    }
    assertThat(into[3]).isZero();
    assertThat(java.util.Arrays.copyOfRange(into, 36, 40)).containsOnly(0);
    assertThat(java.util.Arrays.copyOfRange(into, 4, 36)).isNotEqualTo(new byte[32]);
    byte[] from0 = new byte[40];
    RandomSource.system().fill(from0, 0, 8);
    assertThat(java.util.Arrays.copyOfRange(from0, 8, 40)).containsOnly(0);
  }

  @Test
  void dropsWhatIsOld() {
    var source = new Counting();
    var random = new BufferedRandom(source, ticker);
    assertThat(random.bytes(12)).isNotEmpty();
    now.addAndGet(BufferedRandom.MAX_AGE_NANOS);
    assertThat(random.bytes(12)).isNotEmpty();
    assertThat(source.draws).hasValue(1);
    now.addAndGet(1);
    assertThat(random.bytes(12)).isNotEmpty();
    assertThat(source.draws).hasValue(2);
  }

  @Test
  void largeDrawsGoPastTheBuffer() {
    var source = new Counting();
    var random = new BufferedRandom(source, ticker);
    assertThat(random.bytes(1000)).hasSize(1000);
    assertThat(random.bytes(1000)).hasSize(1000);
    assertThat(source.draws).hasValue(2);
    byte[] middle = new byte[10];
    random.fill(middle, 3, 4);
    assertThat(middle[2]).isZero();
    assertThat(middle[3]).isNotZero();
    assertThat(middle[6]).isNotZero();
    assertThat(middle[7]).isZero();
    assertThatThrownBy(() -> random.fill(middle, 7, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void noTwoThreadsGetTheSame() throws Exception {
    var random = new BufferedRandom(RandomSource.system());
    Set<String> seen = ConcurrentHashMap.newKeySet();
    int threads = 8;
    int each = 2000;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        futures.add(
            executor.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    seen.add(BaseEncoding.base16().encode(random.bytes(12)));
                  }
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(seen).hasSize(threads * each);
  }

  @Test
  void theSystemSourceFillsWhatItIsToldTo() {
    byte[] bytes = new byte[64];
    RandomSource.system().fill(bytes, 16, 32);
    for (int i = 0; i < 16; i++) {
      assertThat(bytes[i]).isZero();
      assertThat(bytes[48 + i]).isZero();
    }
    byte[] middle = java.util.Arrays.copyOfRange(bytes, 16, 48);
    assertThat(middle).isNotEqualTo(new byte[32]).isNotEqualTo(RandomSource.system().bytes(32));
    assertThat(RandomSource.system().secret(32)).isNotEqualTo(RandomSource.system().secret(32));
  }
}
