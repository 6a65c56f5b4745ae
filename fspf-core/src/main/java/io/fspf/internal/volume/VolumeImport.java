package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeInfo;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.file.ChunkGroup;
import io.fspf.internal.file.ContentServices;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.format.DirectoryEntry;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a tree of files into a region of an existing volume, as one commit: until then all changes
 * stand in a tree of their own, which the volume knows nothing of.
 *
 * <p>For one thread, but for {@link #services}.
 */
public final class VolumeImport implements RecordSink, Closeable {
  private static final int BATCH = 1000;

  /** More changed nodes than that are written to the file, so that they need not stay in memory. */
  private static final long MAX_UNWRITTEN = 16L << 20;

  private final LiveVolume volume;
  private final LiveVolume.Parts parts;
  private final WorkingState state;
  private final MetadataLog log;
  private final MountedRegion region;
  private final long firstNew;
  private final List<FileIdentity> replaced = new ArrayList<>();
  private TreeEdits edits = new TreeEdits();
  private Tree tree;
  private Totals totals;
  private long nextInode;

  private VolumeImport(LiveVolume volume, MountedRegion region) {
    this.volume = volume;
    this.parts = volume.parts();
    this.state = volume.state();
    this.log = parts.log();
    this.region = region;
    this.tree = state.tree();
    this.totals = state.totals();
    this.nextInode = state.nextInode();
    this.firstNew = nextInode;
  }

  /**
   * Opens a volume to take something in.
   *
   * @param options as for any opening; made writable here
   * @param path the directory to take it into
   * @throws FileSystemException if the path is not in a protected region with a host directory
   */
  public static VolumeImport begin(Path location, VolumeOptions options, VolumePath path)
      throws IOException {
    // Nothing else commits or compacts meanwhile.
    VolumeOptions alone = options.writable().withCommitInterval(Duration.ZERO).withMaxGarbage(1);
    var volume = (LiveVolume) Volume.open(location, alone);
    try {
      MountedRegion region = volume.parts().regions().covering(path).orElse(null);
      if (region == null) {
        throw new FileSystemException(path.toString(), null, "no region covers it: add one first");
      }
      if (!region.isProtected()) {
        throw new FileSystemException(
            path.toString(),
            null,
            "its region is not protected, so its files are those of the host directory");
      }
      if (region.host() == null) {
        throw new FileSystemException(
            path.toString(), null, "its region is ephemeral, and holds files only while mounted");
      }
      return new VolumeImport(volume, region);
    } catch (Throwable e) {
      volume.close();
      throw e;
    }
  }

  /** The region. */
  public Region region() {
    return region.region();
  }

  /** Its number. */
  public int regionId() {
    return region.id();
  }

  /** Where the volume lies. */
  public VolumeLocation location() {
    return parts.location();
  }

  /** For the contents. */
  public ContentServices services() {
    return parts.services();
  }

  /** Whether files at this path belong to the region, and to none that is embedded in it. */
  public boolean covers(VolumePath path) {
    return parts.regions().covering(path).map(found -> found.id() == region.id()).orElse(false);
  }

  /** Makes the record of a directory that is missing. */
  public interface DirectoryMaker {
    /** A record without links and parent. */
    Inode.Builder make(VolumePath path) throws IOException;
  }

  /**
   * The inode of a directory of the region; it and those above it are made where they are missing.
   */
  public long directory(VolumePath path, DirectoryMaker maker) throws IOException {
    long at = region.rootInode();
    VolumePath here = region.path();
    for (Name name : path.relativize(region.path()).names()) {
      here = here.resolve(name);
      Present present = find(at, name);
      if (present == null) {
        at = makeDirectory(at, name, maker.make(here));
      } else if (present.directory()) {
        at = present.number();
      } else {
        throw new NotDirectoryException(here.toString());
      }
    }
    return at;
  }

  private long makeDirectory(long parent, Name name, Inode.Builder record) throws IOException {
    long number = newInode();
    Inode above = recorded(parent);
    put(parent, above.toBuilder().setLinks(above.getLinks() + 1).build());
    inode(number, record.setParent(parent).setLinks(2).build());
    entry(parent, name, number, FileType.FILE_TYPE_DIRECTORY);
    flush();
    return number;
  }

  private Inode recorded(long number) throws IOException {
    byte[] record = tree.get(Keys.inode(number));
    if (record == null) {
      throw new IntegrityException(null, -1, "an inode record is missing");
    }
    return Records.inode(record);
  }

  @Override
  public long newInode() {
    return nextInode++;
  }

  @Override
  public @Nullable Present find(long directory, Name name) throws IOException {
    byte[] value = tree.get(Keys.entry(directory, name));
    if (value == null) {
      return null;
    }
    DirectoryEntry entry = Records.entry(value);
    return new Present(entry.getInode(), entry.getType() == FileType.FILE_TYPE_DIRECTORY);
  }

  @Override
  public void replace(long directory, Name name, Present present) throws IOException {
    Inode inode = recorded(present.number());
    if (inode.getLinks() > 1) {
      put(present.number(), inode.toBuilder().setLinks(inode.getLinks() - 1).build());
      // The next of its names is to see that.
      flush();
      return;
    }
    edits.remove(Keys.inode(present.number()));
    removeAll(present.number(), Keys.XATTR);
    removeAll(present.number(), Keys.GROUP);
    totals = totals.minus(inode);
    if (inode.getType() == FileType.FILE_TYPE_REGULAR) {
      FileIdentity identity = Records.content(inode).identity();
      if (identity != null && identity.isEncrypted()) {
        replaced.add(identity);
      }
    }
    flushIfMany();
  }

  private void removeAll(long number, byte kind) throws IOException {
    Cursor cursor = tree.cursor(Keys.prefix(number, kind));
    while (cursor.next() && Keys.matches(cursor.key(), number, kind)) {
      edits.remove(cursor.key());
    }
  }

  @Override
  public void inode(long number, Inode record) throws IOException {
    if (number >= firstNew && tree.get(Keys.inode(number)) == null) {
      totals = totals.plus(record);
      put(number, record);
      return;
    }
    Inode before = recorded(number);
    removeAll(number, Keys.XATTR);
    put(
        number,
        record.toBuilder()
            .setParent(before.getParent())
            .setLinks(before.getLinks() + record.getLinks() - 2)
            .build());
  }

  private void put(long number, Inode record) throws IOException {
    edits.put(Keys.inode(number), record.toByteArray());
    flushIfMany();
  }

  @Override
  public void entry(long directory, Name name, long number, FileType type) throws IOException {
    edits.put(Keys.entry(directory, name), VolumeBuilder.entryOf(number, type));
    flushIfMany();
  }

  @Override
  public void extendedAttribute(long number, Name name, byte[] value) throws IOException {
    edits.put(Keys.xattr(number, name), value);
    flushIfMany();
  }

  @Override
  public void group(long number, long group, ChunkGroup chunks) throws IOException {
    edits.put(Keys.group(number, group), chunks.encode());
    flushIfMany();
  }

  @Override
  public void links(long number, int links) throws IOException {
    flush();
    put(number, recorded(number).toBuilder().setLinks(links).build());
  }

  private void flushIfMany() throws IOException {
    if (edits.size() >= BATCH) {
      flush();
    }
  }

  private void flush() throws IOException {
    tree = tree.apply(edits);
    edits = new TreeEdits();
    if (tree.unwrittenBytes() > MAX_UNWRITTEN) {
      tree = log.spill(tree);
    }
  }

  /**
   * Makes everything one commit, and closes the volume. The contents must be durable before.
   *
   * @return the last commit: where objects were replaced, one more follows when they are deleted
   */
  public VolumeInfo commit() throws IOException {
    flush();
    volume.adopt(tree, nextInode, totals, region.id(), replaced);
    volume.close();
    return volume.info();
  }

  /** Closes the volume; without {@link #commit} nothing of it has changed. */
  @Override
  public void close() throws IOException {
    volume.close();
  }
}
