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

/** The process that {@link KillTest} kills: writes, commits, and says what is durable. */
final class KillChild {
  /** Of a volume that nobody keeps. */
  static final String KEY = "5e".repeat(VolumeKey.LENGTH);

  private KillChild() {}

  static VolumeOptions options(Path directory) throws IOException {
    return VolumeOptions.of(
            Freshness.store(
                TagStores.directory(directory.resolve("tags")), TagPolicy.ROLLBACK_PROTECTED))
        .withKeys(KeyProviders.raw(VolumeKey.parse(KEY)))
        .withCommitInterval(Duration.ZERO)
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
        KillScript.run(next++, volume, KillScript.Shape.SMALL);
        if (next % 2 == 0) {
          volume.commit();
          System.out.println(next);
        }
      }
    }
  }
}
