package io.fspf.internal.volume;

import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentStore;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.function.Consumer;

/**
 * The host file of one authenticated file: it stands under its own name, and is replaced as a whole
 * by a staged copy.
 *
 * <p>Thread-safe.
 */
final class PlainStore implements ContentStore {
  private final MountedRegion region;
  private final HostJournal journal;
  private final Consumer<HostDirectory> stagedIn;
  private final Consumer<FileIdentity> discarded;
  private volatile VolumePath path;

  /**
   * The file at a path below a region.
   *
   * @param stagedIn told of a host directory in which a new name is not durable yet
   * @param discarded told of each staged copy that no commit will refer to
   */
  PlainStore(
      MountedRegion region,
      HostJournal journal,
      VolumePath path,
      Consumer<HostDirectory> stagedIn,
      Consumer<FileIdentity> discarded) {
    this.region = region;
    this.journal = journal;
    this.path = path;
    this.stagedIn = stagedIn;
    this.discarded = discarded;
  }

  /** The file's path below the region. */
  VolumePath path() {
    return path;
  }

  void setPath(VolumePath newPath) {
    path = newPath;
  }

  static VolumePath staged(FileIdentity identity) {
    return VolumePath.ROOT.resolve(HostJournal.STAGING).resolve(Name.of(identity.objectName()));
  }

  @Override
  public HostFile open(FileIdentity identity) throws IOException {
    return journal.open(region, this::path);
  }

  @Override
  public HostFile create(FileIdentity identity) throws IOException {
    HostDirectory host = region.hostDirectory();
    VolumePath staged = staged(identity);
    try {
      host.createDirectory(staged.parent());
    } catch (FileAlreadyExistsException e) {
      // Made for another file.
    }
    try {
      // Left by a commit that never came about.
      host.delete(staged);
    } catch (NoSuchFileException e) {
      // As it should be.
    }
    HostFile file = host.open(staged, HostDirectory.Mode.CREATE);
    stagedIn.accept(host);
    return file;
  }

  @Override
  public void discard(FileIdentity identity) {
    discarded.accept(identity);
  }
}
