package io.fspf.internal.volume;

import io.fspf.RootTag;
import io.fspf.VolumeOptions;
import io.fspf.internal.file.FileKeys;
import io.fspf.internal.host.HostLock;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.TreeOptions;
import io.fspf.key.KeyProvider;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;

/**
 * Writes a volume's metadata anew under another key; contents stay as they are, their keys are
 * wrapped anew.
 */
final class Rekey {
  private Rekey() {}

  static RootTag run(
      VolumeEnvironment environment,
      VolumeLocation location,
      VolumeOptions options,
      KeyProvider newKeys)
      throws IOException {
    var resources = new ArrayList<Closeable>();
    try {
      OpenedVolume old =
          VolumeOpening.open(environment, location, options.writable(), false, resources);
      RootTag tag = run(old, options.withKeys(newKeys));
      new Resources(resources).close();
      return tag;
    } catch (Throwable e) {
      new Resources(resources).closeAfter(e);
      throw e;
    }
  }

  private static RootTag run(OpenedVolume old, VolumeOptions newOptions) throws IOException {
    VolumeEnvironment environment = old.environment();
    MetadataLog log = old.log();
    TreeOptions treeOptions = environment.treeOptions(newOptions);
    try (NewHeader header = NewHeader.ofSuccessor(environment, newOptions, log);
        Rewriter rewriter =
            Rewriter.begin(environment, old.location(), file -> header.start(file, treeOptions));
        HostLock lock = rewriter.lock()) {
      FileKeys newKeys = environment.fileKeys(header.keys());
      rewriter.copy(
          log.tree(),
          log.head().fields(),
          (key, value) -> Records.rewrapped(key, value, old.services().keys(), newKeys));
      rewriter.install();
      old.guard().publish(rewriter.log().head());
      RootTag tag = rewriter.log().head().tag();
      rewriter.log().close();
      return tag;
    }
  }
}
