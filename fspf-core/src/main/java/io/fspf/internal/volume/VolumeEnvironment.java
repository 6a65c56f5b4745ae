package io.fspf.internal.volume;

import io.fspf.VolumeOptions;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.file.ContentLimits;
import io.fspf.internal.file.ContentServices;
import io.fspf.internal.file.FileKeys;
import io.fspf.internal.tree.TreeOptions;
import java.time.Clock;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a volume stands on beside the host; tests put other parts in.
 *
 * @param crypto engines, randomness
 * @param clock of times in records and commits
 * @param limits of contents
 */
public record VolumeEnvironment(CryptoContext crypto, InstantSource clock, ContentLimits limits) {

  /** The real clock, the engine at hand. */
  public static VolumeEnvironment standard() {
    return new VolumeEnvironment(
        CryptoContext.standard(), Clock.systemUTC(), ContentLimits.STANDARD);
  }

  /** The options of a log: a quarter of the cache is for nodes. */
  TreeOptions treeOptions(VolumeOptions options) {
    return TreeOptions.defaults().withClock(clock).withCacheBytes(options.cacheBytes() / 4);
  }

  /** What contents stand on: the rest of the cache is for chunks. */
  ContentServices services(VolumeOptions options, @Nullable MetadataKeys keys) {
    return new ContentServices(
        crypto, fileKeys(keys), options.cacheBytes() - options.cacheBytes() / 4, limits);
  }

  /** How file keys are kept in the metadata, with those keys or, in a volume without, in clear. */
  FileKeys fileKeys(@Nullable MetadataKeys keys) {
    return new FileKeys(crypto, keys == null ? null : keys.fileKeys());
  }
}
