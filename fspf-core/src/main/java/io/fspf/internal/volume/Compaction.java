package io.fspf.internal.volume;

import io.fspf.VolumeOptions;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.host.HostLock;
import io.fspf.internal.tree.HeaderFields;
import io.fspf.internal.tree.MetadataLog;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the last commit of an open volume to a new fspf file without garbage, and has whichever
 * file the volume goes on in locked against other processes.
 *
 * <p>Guarded by the committer's exclusivity, but for {@link #close}, which comes when all is over.
 */
final class Compaction implements Committer.Rewriting, Closeable {
  private final VolumeEnvironment environment;
  private final VolumeLocation location;
  private final VolumeOptions options;
  private final @Nullable MetadataKeys keys;
  private HostLock lock;

  /**
   * For one volume.
   *
   * @param keys of the metadata, or null; stay the caller's
   * @param lock of the present file; closed from here
   */
  Compaction(
      VolumeEnvironment environment,
      VolumeLocation location,
      VolumeOptions options,
      @Nullable MetadataKeys keys,
      HostLock lock) {
    this.environment = environment;
    this.location = location;
    this.options = options;
    this.keys = keys;
    this.lock = lock;
  }

  @Override
  public Rewriter rewrite(MetadataLog old) throws IOException {
    // The state before this is published, so nobody will look for an older draft.
    Rewriter.removeStale(location);
    Rewriter rewriter =
        Rewriter.begin(
            environment,
            location,
            file ->
                MetadataLog.create(file, successorOf(old), keys, environment.treeOptions(options)));
    try {
      rewriter.copy(old.tree(), old.head().fields(), (key, value) -> value);
      return rewriter;
    } catch (Throwable e) {
      rewriter.close();
      throw e;
    }
  }

  private static HeaderFields successorOf(MetadataLog old) {
    return new HeaderFields(
        old.header().volumeId(),
        old.header().salt(),
        old.header().keySlots(),
        new HeaderFields.Predecessor(old.head().generation(), old.head().tag()));
  }

  /** The new file was locked before it got its name, and the old one until it lost it. */
  @Override
  public void installed(Rewriter rewriter) throws IOException {
    HostLock old = lock;
    lock = rewriter.lock();
    old.close();
  }

  /** Lets go of the lock. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
