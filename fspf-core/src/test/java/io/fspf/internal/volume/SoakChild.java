package io.fspf.internal.volume;

import io.fspf.Freshness;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.key.KeyProviders;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagStores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The process that {@link SoakTest} kills: works on a volume without end, in a small heap. */
final class SoakChild {
  /** Files of all kinds of regions, from small ones that are kept inline to 1 MiB. */
  static final KillScript.Shape SHAPE =
      new KillScript.Shape(List.of("/", "/digests/", "/plain/", "/keyed/"), 40, 1 << 20, 60_000);

  /** So many operations are in one commit. */
  static final int BATCH = 5;

  private static final int COMPACTION = 997;

  private SoakChild() {}

  /** Small caches; what becomes garbage is compacted as it is by default. */
  static VolumeOptions options(Path directory) throws IOException {
    return VolumeOptions.of(
            Freshness.store(
                TagStores.directory(directory.resolve("tags")), TagPolicy.ROLLBACK_PROTECTED))
        .withKeys(KeyProviders.raw(VolumeKey.parse(KillChild.KEY)))
        .withCommitInterval(Duration.ZERO)
        .withCacheBytes(4 << 20)
        .writable();
  }

  /** Arguments: a directory, and the number of the first operation. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    long next = Long.parseLong(arguments[1]);
    System.out.println("begin");
    try (Volume volume = Volume.open(directory.resolve("volume"), options(directory))) {
      System.out.println("open");
      while (true) {
        KillScript.run(next++, volume, SHAPE);
        if (next % BATCH == 0) {
          volume.commit();
          Runtime heap = Runtime.getRuntime();
          System.out.println(next + " " + (heap.totalMemory() - heap.freeMemory()));
        }
        if (next % COMPACTION == 0) {
          volume.compact();
        }
      }
    }
  }
}
