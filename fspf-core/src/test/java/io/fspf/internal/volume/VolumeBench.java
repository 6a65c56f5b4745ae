package io.fspf.internal.volume;

import io.fspf.Freshness;
import io.fspf.Integrity;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.RandomSource;
import io.fspf.internal.file.ContentLimits;
import io.fspf.internal.host.SimulatedHost;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A volume on a simulated host, with a clock, a source of chance and a size of the caches that a
 * seed decides, small limits, so that every path is taken with little data, and commits only when
 * they are asked for.
 */
final class VolumeBench {
  /** The directory of the fspf file. */
  static final String HOME = "/v";

  static final String FILE = HOME + "/" + Volume.FILE_NAME;
  static final int CHUNK = Region.MIN_CHUNK_SIZE;

  /** Every kind of region; the root is encrypted. */
  static final List<Region> REGIONS =
      List.of(
          Region.encrypted(VolumePath.ROOT, ".").withChunkSize(CHUNK),
          Region.encrypted(VolumePath.of("/both"), "both")
              .withIntegrity(Integrity.GCM_SHA256)
              .withChunkSize(CHUNK),
          Region.authenticated(VolumePath.of("/sha"), "sha").withChunkSize(CHUNK),
          Region.authenticated(VolumePath.of("/gmac"), "/elsewhere/gmac")
              .withIntegrity(Integrity.GMAC)
              .withChunkSize(CHUNK),
          Region.notProtected(VolumePath.of("/plain"), "plain"));

  /** Of caches, in bytes: none, one that holds next to nothing, and one that holds all. */
  static final List<Long> CACHE_SIZES = List.of(0L, 6L * CHUNK, 1L << 24);

  /** Little inline, a few chunks held, keys that are soon used up. */
  static final ContentLimits LIMITS = new ContentLimits(300, 3 * CHUNK, 3 * CHUNK, 40, false);

  /** The same where other threads take part, so that the order of the host's calls varies. */
  static final ContentLimits HELPED = new ContentLimits(300, 3 * CHUNK, 3 * CHUNK, 40, true);

  private final Random random;
  private final CryptoContext crypto;
  private final NonceLedger nonces;
  private final Clock clock = new Clock();
  private final @Nullable VolumeKey key;
  private SimulatedHost host = new SimulatedHost();
  private Freshness freshness = Freshness.unchecked();
  private ContentLimits limits = LIMITS;
  private long cacheBytes;
  private Duration commitInterval = Duration.ZERO;
  private double maxGarbage = 1;

  /** Goes on when it is told. */
  static final class Clock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private volatile Runnable hook = () -> {};

    @Override
    public Instant instant() {
      hook.run();
      return now;
    }

    /** Runs this whenever somebody asks for the time: a moment in the midst of a change. */
    void setHook(Runnable other) {
      hook = other;
    }

    Instant tick() {
      now = now.plusNanos(1_000_000_007);
      return now;
    }
  }

  /** SplitMix64: for one thread, and therefore much faster than what it extends. */
  private static final class Chance extends Random {
    private static final long serialVersionUID = 1L;

    private long state;

    Chance(long seed) {
      state = seed;
    }

    @Override
    protected int next(int bits) {
      state += 0x9E3779B97F4A7C15L;
      long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
      return (int) ((mixed ^ (mixed >>> 31)) >>> (64 - bits));
    }
  }

  VolumeBench(long seed, boolean keyed, NonceLedger nonces) {
    this(seed, keyed, nonces, new Chance(seed));
  }

  /** Where the choices come from elsewhere than from the seed. */
  VolumeBench(long seed, boolean keyed, NonceLedger nonces, Random random) {
    this.nonces = nonces;
    this.random = random;
    this.cacheBytes = CACHE_SIZES.get((int) Math.min(2, Math.floorMod(seed, 7L)));
    Random bytes = new Chance(~seed);
    RandomSource source =
        (into, offset, length) -> {
          byte[] drawn = new byte[length];
          synchronized (bytes) {
            bytes.nextBytes(drawn);
          }
          System.arraycopy(drawn, 0, into, offset, length);
        };
    this.crypto = CryptoContext.standard().withRandom(source).withNonceObserver(nonces);
    this.key = keyed ? VolumeKey.ofBytes(source.bytes(VolumeKey.LENGTH)) : null;
    prepareHost();
  }

  VolumeBench(long seed) {
    this(seed, true);
  }

  VolumeBench(long seed, boolean keyed) {
    this(seed, keyed, new NonceLedger());
  }

  private void prepareHost() {
    host.makeDirectories(HOME)
        .makeDirectories(HOME + "/both")
        .makeDirectories(HOME + "/sha")
        .makeDirectories(HOME + "/plain")
        .makeDirectories("/elsewhere/gmac");
  }

  /** What was used to encrypt on all hosts of this bench; a pair that comes twice is refused. */
  NonceLedger nonces() {
    return nonces;
  }

  Random random() {
    return random;
  }

  Clock clock() {
    return clock;
  }

  SimulatedHost host() {
    return host;
  }

  void setHost(SimulatedHost other) {
    host = other;
  }

  void setFreshness(Freshness other) {
    freshness = other;
  }

  void setLimits(ContentLimits other) {
    limits = other;
  }

  void setCacheBytes(long bytes) {
    cacheBytes = bytes;
  }

  void setCommitInterval(Duration interval) {
    commitInterval = interval;
  }

  void setMaxGarbage(double part) {
    maxGarbage = part;
  }

  VolumeEnvironment environment() {
    return new VolumeEnvironment(crypto, clock, limits);
  }

  VolumeLocation location() {
    return new VolumeLocation(host, HOME, Name.of(Volume.FILE_NAME), null);
  }

  VolumeOptions options() {
    VolumeOptions options =
        VolumeOptions.of(freshness)
            .withCacheBytes(cacheBytes)
            .withCommitInterval(commitInterval)
            .withMaxGarbage(maxGarbage);
    return key == null ? options : options.withKeys(KeyProviders.raw(key));
  }

  /** After all volumes are closed: nothing of the host is open or locked any more. */
  void checkNothingOpen() {
    if (!host.openFiles().isEmpty() || host.heldLocks() > 0) {
      throw new AssertionError(
          "Open on the host: " + host.openFiles() + "; locks held: " + host.heldLocks());
    }
  }

  Volume create(List<Region> regions) throws IOException {
    return Volumes.create(environment(), location(), options(), regions);
  }

  Volume open() throws IOException {
    return Volumes.open(environment(), location(), options().writable());
  }

  Volume openForReading() throws IOException {
    return Volumes.open(environment(), location(), options());
  }

  /** Opens the volume as it lies on another host, for writing. */
  Volume open(SimulatedHost other, Freshness otherFreshness) throws IOException {
    VolumeOptions options =
        VolumeOptions.of(otherFreshness)
            .withCacheBytes(cacheBytes)
            .withCommitInterval(Duration.ZERO)
            .withMaxGarbage(1);
    return Volumes.open(
        environment(),
        new VolumeLocation(other, HOME, Name.of(Volume.FILE_NAME), null),
        (key == null ? options : options.withKeys(KeyProviders.raw(key))).writable());
  }
}
