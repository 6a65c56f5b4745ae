package io.fspf.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever asks for a version of a chunk gets that one, whatever others load, fail to load or ask
 * for at the same time; nobody waits for a load that has failed. Lincheck draws the programs.
 */
class ChunkCacheTest {
  private static final int FACTOR = Boolean.getBoolean("fspf.slow") ? 20 : 1;

  /** A version that cannot be loaded. */
  private static final int BAD = 2;

  @ParameterizedTest
  @ValueSource(classes = {NoCache.class, LargeCache.class})
  void manyThreads(Class<?> cache) {
    new StressOptions()
        .threads(3)
        .actorsPerThread(4)
        .iterations(20 * FACTOR)
        .invocationsPerIteration(1000)
        .sequentialSpecification(Versions.class)
        .check(cache);
  }

  @Test
  void aVersionIsFoundAgainUntilAnotherTakesItsPlace() throws IOException {
    var cache = new ChunkCache(1 << 20);
    assertThat(load(cache, 0)).isEqualTo(0);
    assertThat(peek(cache, 0)).isEqualTo(0);
    assertThat(peek(cache, 1)).isEqualTo(-1);
    assertThat(load(cache, 1)).isEqualTo(1);
    assertThat(peek(cache, 0)).isEqualTo(-1);
    cache.clear();
    assertThat(peek(cache, 1)).isEqualTo(-1);
  }

  private static int load(ChunkCache cache, int version) throws IOException {
    byte[] record = {(byte) version};
    byte[] chunk =
        cache.get(
            1,
            1,
            record,
            () -> {
              if (version == BAD) {
                throw new IOException("Bad");
              }
              return new byte[] {(byte) version};
            });
    return chunk[0];
  }

  /** The version, or -1 if another or none is there. */
  private static int peek(ChunkCache cache, int version) {
    byte[] records = {9, (byte) version};
    byte[] chunk = cache.peek(1, 1, records, 1, 1);
    return chunk == null ? -1 : chunk[0];
  }

  /** What callers get, whether there is a cache or not. */
  public static final class Versions {
    public boolean get(int version) {
      return version != BAD;
    }

    public boolean peekIsRight(int version) {
      return version >= 0;
    }

    public void clear() {}
  }

  /** Keeps nothing. */
  public static final class NoCache extends Checked {
    public NoCache() {
      super(0);
    }
  }

  /** Keeps everything. */
  public static final class LargeCache extends Checked {
    public LargeCache() {
      super(1 << 20);
    }
  }

  /** The same operations on a cache. */
  @Param(name = "version", gen = IntGen.class, conf = "0:2")
  public abstract static class Checked {
    private final ChunkCache cache;

    Checked(long maxBytes) {
      cache = new ChunkCache(maxBytes);
    }

    @Operation
    public boolean get(@Param(name = "version") int version) {
      try {
        return load(cache, version) == version;
      } catch (IOException e) {
        return false;
      }
    }

    @Operation
    public boolean peekIsRight(@Param(name = "version") int version) {
      int found = peek(cache, version);
      return found == -1 || found == version;
    }

    @Operation
    public void clear() {
      cache.clear();
    }
  }
}
