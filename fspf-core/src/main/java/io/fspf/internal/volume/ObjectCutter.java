package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentState;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.Tree;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/**
 * Cuts the object files of a volume to what its last commit needs: what stands behind that is of a
 * writer that a crash ended.
 *
 * <p>Goes through the records in the order of their keys and not along paths: it holds one record
 * at a time, whatever the depth of the tree. For a volume that was just opened and that nobody
 * changes; for one thread.
 */
final class ObjectCutter {
  private final Tree tree;
  private final RegionTable regions;
  private final InodeNames names;
  private final RegionStores stores;

  ObjectCutter(Tree tree, RegionTable regions, InodeNames names, RegionStores stores) {
    this.tree = tree;
    this.regions = regions;
    this.names = names;
    this.stores = stores;
  }

  /** Cuts them all. */
  void cut() throws IOException {
    Cursor cursor = tree.cursor(Keys.inode(1));
    while (cursor.next()) {
      if (Keys.kindOf(cursor.key()) == Keys.INODE) {
        cut(Keys.inodeOf(cursor.key()), inode(cursor.value()));
      }
    }
  }

  private static Inode inode(byte[] value) throws IntegrityException {
    try {
      return Records.inode(value);
    } catch (IntegrityException e) {
      throw AbstractView.located(VolumePath.ROOT, e);
    }
  }

  private void cut(long number, Inode record) throws IOException {
    MountedRegion region = regions.byId(record.getRegion());
    if (record.getType() != FileType.FILE_TYPE_REGULAR
        || record.getObjectSize() <= 0
        || region == null
        || region.host() == null
        || region.isAuthenticated()) {
      return;
    }
    try {
      ContentState content = Records.content(record, region);
      FileIdentity identity = content.identity();
      if (identity != null) {
        cut(region, identity, content.objectSize());
      }
    } catch (IntegrityException e) {
      throw AbstractView.located(pathOf(region, number), e);
    }
  }

  private void cut(MountedRegion region, FileIdentity identity, long needed) throws IOException {
    try (HostFile file = stores.storeOf(region, null).open(identity)) {
      if (file.size() > needed) {
        file.setSize(needed);
        file.sync();
      }
    } catch (NoSuchFileException e) {
      throw new IntegrityException(null, 0, "the host's file is missing", e);
    }
  }

  private VolumePath pathOf(MountedRegion region, long number) {
    try {
      return region.path().resolve(names.namesOf(region, number).get(0));
    } catch (IOException e) {
      return region.path();
    }
  }
}
