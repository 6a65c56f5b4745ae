package io.fspf.internal.volume;

import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.IntegrityException;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeInfo;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentServices;
import io.fspf.internal.file.ContentStore;
import io.fspf.internal.file.FileContent;
import io.fspf.internal.format.Inode;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.ReadOnlyFileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * The state of one commit while the volume goes on. The volume reuses no slot and deletes no object
 * that it needs until it is closed; files of authenticated regions are replaced on the host all the
 * same, and are refused then. Thread-safe.
 */
final class SnapshotView extends AbstractView implements Volume.Snapshot {
  private final CommitInfo commit;
  private final VolumeInfo info;
  private final Tree tree;
  private final ContentServices services;
  private final RegionStores stores;
  private final Namespace namespace;

  SnapshotView(
      CommitInfo commit,
      MetadataLog log,
      Tree tree,
      RegionTable regions,
      ContentServices services,
      RegionStores stores) {
    this.commit = commit;
    this.info = infoOf(commit, log);
    this.tree = tree;
    this.services = services;
    this.stores = stores;
    this.namespace =
        new Namespace(
            new InodeSource() {
              @Override
              public Tree tree() {
                return tree;
              }

              @Override
              public @Nullable Inode inode(long number) throws IOException {
                byte[] value = tree.get(Keys.inode(number));
                return value == null ? null : Records.inode(value);
              }
            },
            regions);
  }

  @Override
  Namespace namespace() {
    return namespace;
  }

  @Override
  public RootTag tag() {
    return commit.tag();
  }

  @Override
  public long generation() {
    return commit.generation();
  }

  @Override
  public VolumeInfo info() {
    return info;
  }

  @Override
  public VolumeFile open(VolumePath path, OpenOption... options) throws IOException {
    OpenFlags flags = OpenFlags.of(options);
    if (flags.write()) {
      throw new ReadOnlyFileSystemException();
    }
    return reading(path, names -> open(path, names.resolve(path, flags.follow()), flags));
  }

  private VolumeFile open(VolumePath path, Position at, OpenFlags flags) throws IOException {
    if (at.type() != FileType.REGULAR || !at.isProtected()) {
      throw new FileSystemException(
          path.toString(), null, "A snapshot has regular files of protected regions only");
    }
    ContentStore store =
        stores.storeOf(at.region(), at.region().isAuthenticated() ? at.pathInRegion() : null);
    var content =
        new FileContent(
            at.inodeNumber(),
            path.toString(),
            at.region().region(),
            at.region().id(),
            Records.content(at.inode(), at.region()),
            new TreeGroups(() -> tree, at.inodeNumber()),
            store,
            services,
            () -> 0);
    return new ProtectedFile(
        new Owner(at.inode()),
        new OpenInode(at.inodeNumber(), at.region(), content, store),
        path,
        flags);
  }

  /** Handles of a snapshot share nothing. */
  private final class Owner implements ProtectedFile.Owner {
    private final Inode record;

    Owner(Inode record) {
      this.record = record;
    }

    @Override
    public boolean isOpen() {
      return !isClosed();
    }

    @Override
    public <T> T change(OpenInode inode, ProtectedFile.Change<T> change) {
      throw new ReadOnlyFileSystemException();
    }

    @Override
    public FileAttributes attributes(OpenInode inode) throws IntegrityException {
      return Records.attributes(inode.number(), record);
    }

    @Override
    public void force() {}

    @Override
    public void release(OpenInode inode) throws IOException {
      inode.content().close();
    }
  }

  @Override
  public void close() {
    markClosed();
    stores.removeSnapshot(this);
  }
}
