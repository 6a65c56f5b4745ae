package io.fspf.internal.crypto;

import com.google.common.base.Ticker;
import java.util.Arrays;
import java.util.Objects;

/**
 * Draws on another source in larger portions, for values that are many, small and public: nonces.
 *
 * <p>A draw of 12 bytes from the platform costs 0.4 to 0.6 µs, as much as sealing 2 KiB; from here
 * some 20 to 100 ns. The price is that a portion is known in memory before it is used. That matters
 * where a running machine is copied, memory and all: both copies would hand out the rest of the
 * portion (a Java process cannot fork without exec, so that only checkpoints and snapshots of
 * virtual machines can do it). So a portion is small, is wiped as it is handed out, and is dropped
 * when it is older than {@link #MAX_AGE_NANOS}, so that a copy of an idle machine begins afresh;
 * the kernel reseeds its own generator when a machine is copied (VM generation id). What stays, a
 * copy taken amid writing, is outside of the threat model: an enclave's or confidential VM's memory
 * cannot be copied by the host.
 *
 * <p>Thread-safe. A few portions, picked by thread, keep writers out of each other's way.
 */
final class BufferedRandom implements RandomSource {
  static final int PORTION = 768;
  static final long MAX_AGE_NANOS = 100_000_000;
  private static final int STRIPES = 8;

  private final RandomSource source;
  private final Ticker ticker;
  private final Portion[] portions = new Portion[STRIPES];

  BufferedRandom(RandomSource source) {
    this(source, Ticker.systemTicker());
  }

  BufferedRandom(RandomSource source, Ticker ticker) {
    this.source = source;
    this.ticker = ticker;
    Arrays.setAll(portions, i -> new Portion());
  }

  @Override
  public void fill(byte[] into, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length > PORTION / 8) {
      source.fill(into, offset, length);
      return;
    }
    portions[(int) Thread.currentThread().getId() & (STRIPES - 1)].take(into, offset, length);
  }

  private final class Portion {
    private final byte[] bytes = new byte[PORTION];
    private int used = PORTION;
    private long drawnAt;

    synchronized void take(byte[] into, int offset, int length) {
      long now = ticker.read();
      if (PORTION - used < length || now - drawnAt > MAX_AGE_NANOS) {
        source.fill(bytes, 0, PORTION);
        used = 0;
        drawnAt = now;
      }
      System.arraycopy(bytes, used, into, offset, length);
      Arrays.fill(bytes, used, used + length, (byte) 0);
      used += length;
    }
  }
}
