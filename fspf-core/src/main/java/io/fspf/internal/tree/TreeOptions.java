package io.fspf.internal.tree;

import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.Sha256;
import java.time.Clock;
import java.time.InstantSource;

/**
 * How a log works; nothing of it is part of the format.
 *
 * @param nodeTarget above this encoded size, in bytes, a node is split; 512 to 262144
 * @param cacheBytes the heap that decoded nodes may take, roughly
 * @param clock of the commits' times
 * @param digests the engine's, which is fast from the first node on
 */
public record TreeOptions(int nodeTarget, long cacheBytes, InstantSource clock, Sha256 digests) {
  private static final TreeOptions DEFAULTS =
      new TreeOptions(4 << 10, 32L << 20, Clock.systemUTC(), CryptoContext.standard().sha256());

  /** Checks the ranges. */
  public TreeOptions {
    if (nodeTarget < 512 || nodeTarget > 256 << 10) {
      throw new IllegalArgumentException("Node target out of range: " + nodeTarget);
    }
    if (cacheBytes < 0) {
      throw new IllegalArgumentException("Cache size out of range: " + cacheBytes);
    }
  }

  /** Nodes of 4 KiB, 32 MiB of cache, the system's clock. */
  public static TreeOptions defaults() {
    return DEFAULTS;
  }

  /** The same with another node size. */
  public TreeOptions withNodeTarget(int bytes) {
    return new TreeOptions(bytes, cacheBytes, clock, digests);
  }

  /** The same with another cache size. */
  public TreeOptions withCacheBytes(long bytes) {
    return new TreeOptions(nodeTarget, bytes, clock, digests);
  }

  /** The same with another clock. */
  public TreeOptions withClock(InstantSource source) {
    return new TreeOptions(nodeTarget, cacheBytes, source, digests);
  }
}
