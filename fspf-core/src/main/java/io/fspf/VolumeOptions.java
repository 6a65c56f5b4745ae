package io.fspf;

import com.google.common.base.Preconditions;
import io.fspf.key.KeyProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a volume is opened or made. Starts from {@link #of}; each {@code with} method returns a
 * changed copy.
 *
 * <p>Immutable; as thread-safe as its key provider and tag store.
 */
public final class VolumeOptions {
  private static final long MAX_DEFAULT_CACHE = 512L << 20;

  private final Freshness freshness;
  private final Optional<KeyProvider> keys;
  private final boolean writable;
  private final Optional<Path> hostRoot;
  private final long cacheBytes;
  private final Duration commitInterval;
  private final double maxGarbage;
  private final Optional<FileOwner> owner;

  private VolumeOptions(
      Freshness freshness,
      Optional<KeyProvider> keys,
      boolean writable,
      Optional<Path> hostRoot,
      long cacheBytes,
      Duration commitInterval,
      double maxGarbage,
      Optional<FileOwner> owner) {
    this.freshness = freshness;
    this.keys = keys;
    this.writable = writable;
    this.hostRoot = hostRoot;
    this.cacheBytes = cacheBytes;
    this.commitInterval = commitInterval;
    this.maxGarbage = maxGarbage;
    this.owner = owner;
  }

  /**
   * For reading, without a key, with caches of an eighth of the heap that there may be, but no more
   * than 512 MiB.
   */
  public static VolumeOptions of(Freshness freshness) {
    return new VolumeOptions(
        freshness,
        Optional.empty(),
        false,
        Optional.empty(),
        Math.min(MAX_DEFAULT_CACHE, Runtime.getRuntime().maxMemory() / 8),
        Duration.ofSeconds(5),
        0.5,
        Optional.empty());
  }

  /** Where the volume key comes from. Without one only volumes without a key open. */
  public VolumeOptions withKeys(KeyProvider provider) {
    return new VolumeOptions(
        freshness,
        Optional.of(provider),
        writable,
        hostRoot,
        cacheBytes,
        commitInterval,
        maxGarbage,
        owner);
  }

  /**
   * For writing as well.
   *
   * @throws IllegalStateException if a tag is pinned: a state that is fixed cannot change
   */
  public VolumeOptions writable() {
    Preconditions.checkState(
        !(freshness instanceof Freshness.Pinned),
        "A volume with a pinned tag opens for reading only; a tag store lets it change");
    return new VolumeOptions(
        freshness, keys, true, hostRoot, cacheBytes, commitInterval, maxGarbage, owner);
  }

  /** A directory below which every absolute host directory of the regions is looked for. */
  public VolumeOptions withHostRoot(Path root) {
    return new VolumeOptions(
        freshness,
        keys,
        writable,
        Optional.of(root),
        cacheBytes,
        commitInterval,
        maxGarbage,
        owner);
  }

  /**
   * How many bytes the caches of chunks and of nodes may hold together; at least 0. Chunks that are
   * being changed take the place of cached ones; with a small cache, or none, up to 8 MiB of them
   * are held all the same.
   */
  public VolumeOptions withCacheBytes(long bytes) {
    Preconditions.checkArgument(bytes >= 0, "A cache has at least 0 bytes, not %s", bytes);
    return new VolumeOptions(
        freshness, keys, writable, hostRoot, bytes, commitInterval, maxGarbage, owner);
  }

  /** How long a change may wait for a commit that nobody asks for; zero for as long as it takes. */
  public VolumeOptions withCommitInterval(Duration interval) {
    Preconditions.checkArgument(!interval.isNegative(), "An interval is not negative");
    return new VolumeOptions(
        freshness, keys, writable, hostRoot, cacheBytes, interval, maxGarbage, owner);
  }

  /**
   * Which part of the fspf file may be garbage, once that is more than 1 MiB, before it is
   * compacted in the background: above 0, up to 1 for never.
   */
  public VolumeOptions withMaxGarbage(double part) {
    Preconditions.checkArgument(part > 0 && part <= 1, "A part is above 0 and at most 1");
    return new VolumeOptions(
        freshness, keys, writable, hostRoot, cacheBytes, commitInterval, part, owner);
  }

  /** Whom new files belong to. Without it they belong to whom their directory belongs to. */
  public VolumeOptions withOwner(FileOwner newOwner) {
    return new VolumeOptions(
        freshness,
        keys,
        writable,
        hostRoot,
        cacheBytes,
        commitInterval,
        maxGarbage,
        Optional.of(newOwner));
  }

  /** How an old state is told from the newest. */
  public Freshness freshness() {
    return freshness;
  }

  /** Where the volume key comes from. */
  public Optional<KeyProvider> keys() {
    return keys;
  }

  /** Whether the volume may be changed. */
  public boolean isWritable() {
    return writable;
  }

  /** Where absolute host directories are looked for, if not at the host's root. */
  public Optional<Path> hostRoot() {
    return hostRoot;
  }

  /** The bound of the caches, in bytes. */
  public long cacheBytes() {
    return cacheBytes;
  }

  /** How long a change may wait for a commit. */
  public Duration commitInterval() {
    return commitInterval;
  }

  /** Which part of the fspf file may be garbage. */
  public double maxGarbage() {
    return maxGarbage;
  }

  /** Whom new files belong to. */
  public Optional<FileOwner> owner() {
    return owner;
  }
}
