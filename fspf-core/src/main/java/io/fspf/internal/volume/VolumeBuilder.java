package io.fspf.internal.volume;

import io.fspf.Name;
import io.fspf.Region;
import io.fspf.VolumeInfo;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.file.ChunkGroup;
import io.fspf.internal.file.ContentServices;
import io.fspf.internal.format.DirectoryEntry;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostLock;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeBuilder;
import io.fspf.internal.tree.TreeEdits;
import io.fspf.internal.tree.TreeOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a volume with one region and everything in it in one go: the records stream into the fspf
 * file as they come. It stands under another name until it is complete and durable, so what a crash
 * leaves is no volume.
 *
 * <p>For one thread, but for {@link #services}.
 */
public final class VolumeBuilder implements RecordSink, Closeable {
  /** The number of the region. */
  public static final int REGION = 1;

  private static final long ROOT_INODE = 1;
  private static final int BATCH = 1000;

  private final VolumeOptions options;
  private final @Nullable HostLock oldLock;
  private final Rewriter draft;
  private final NewHeader header;
  private final ContentServices services;
  private final TreeBuilder builder;
  private TreeEdits edits = new TreeEdits();
  private @Nullable Tree tree;
  private Totals totals = Totals.NONE;
  private long nextInode = ROOT_INODE;

  private VolumeBuilder(
      VolumeEnvironment environment,
      VolumeOptions options,
      @Nullable HostLock oldLock,
      Rewriter draft,
      NewHeader header) {
    this.options = options;
    this.oldLock = oldLock;
    this.draft = draft;
    this.header = header;
    this.services = environment.services(options, header.keys());
    this.builder = draft.log().builder();
  }

  /**
   * Starts a volume.
   *
   * @param location whose directory exists
   * @param options the keys and the tag store
   * @param region whose root directory is to be inode 1, the first that is handed in
   * @param replace whether an fspf file that stands there is replaced; else that is an error
   */
  public static VolumeBuilder begin(
      VolumeEnvironment environment,
      VolumeLocation location,
      VolumeOptions options,
      Region region,
      boolean replace)
      throws IOException {
    boolean replaces = HostOperations.exists(location.home(), location.path());
    if (replaces && !replace) {
      throw new FileAlreadyExistsException(
          location.file().toString(), null, "there is a volume already");
    }
    var resources = new ArrayList<Closeable>();
    try {
      HostLock oldLock = replaces ? location.home().lock(location.path(), true) : null;
      if (oldLock != null) {
        resources.add(oldLock);
      }
      Rewriter.removeStale(location);
      NewHeader header = NewHeader.ofNewVolume(environment, options);
      resources.add(header);
      TreeOptions treeOptions = environment.treeOptions(options);
      Rewriter draft =
          Rewriter.begin(environment, location, file -> header.start(file, treeOptions));
      resources.add(draft);
      var made = new VolumeBuilder(environment, options, oldLock, draft, header);
      made.builder.add(
          Keys.region(REGION), MountedRegion.encode(REGION, region, ROOT_INODE).toByteArray());
      return made;
    } catch (Throwable e) {
      new Resources(resources).closeAfter(e);
      throw e;
    }
  }

  /**
   * Whether a name in the directory of an fspf file is that of the file or of one in the making.
   */
  public static boolean isOwnName(VolumeLocation location, Name name) {
    return name.equals(location.file()) || Rewriter.isDraft(location, name);
  }

  /** Whether a path below an authenticated region is what its writers stage. */
  public static boolean isStaging(VolumePath path) {
    return path.names().get(0).equals(HostJournal.STAGING);
  }

  /** For the contents. */
  public ContentServices services() {
    return services;
  }

  @Override
  public long newInode() {
    return nextInode++;
  }

  @Override
  public @Nullable Present find(long directory, Name name) {
    return null;
  }

  @Override
  public void replace(long directory, Name name, Present present) {
    throw new IllegalStateException("A new volume holds nothing yet");
  }

  @Override
  public void inode(long number, Inode record) throws IOException {
    builder.add(Keys.inode(number), record.toByteArray());
    totals = totals.plus(record);
  }

  @Override
  public void entry(long directory, Name name, long number, FileType type) throws IOException {
    builder.add(Keys.entry(directory, name), entryOf(number, type));
  }

  static byte[] entryOf(long number, FileType type) {
    return DirectoryEntry.newBuilder().setInode(number).setType(type).build().toByteArray();
  }

  @Override
  public void extendedAttribute(long number, Name name, byte[] value) throws IOException {
    builder.add(Keys.xattr(number, name), value);
  }

  @Override
  public void group(long number, long group, ChunkGroup chunks) throws IOException {
    builder.add(Keys.group(number, group), chunks.encode());
  }

  @Override
  public void links(long number, int links) throws IOException {
    byte[] key = Keys.inode(number);
    byte[] record = Objects.requireNonNull(tree().get(key));
    edits.put(key, Inode.parseFrom(record).toBuilder().setLinks(links).build().toByteArray());
    if (edits.size() >= BATCH) {
      applyEdits();
    }
  }

  private Tree tree() throws IOException {
    if (tree == null) {
      tree = builder.finish();
    }
    return tree;
  }

  private void applyEdits() throws IOException {
    tree = draft.log().spill(tree().apply(edits));
    edits = new TreeEdits();
  }

  /**
   * Makes the volume durable, known to the tag store, and puts it in its place. The contents must
   * be durable before.
   */
  public VolumeInfo commit() throws IOException {
    if (!edits.isEmpty()) {
      applyEdits();
    }
    MetadataLog log = draft.log();
    CommitInfo head =
        log.commit(
            tree(),
            new CommitFields(
                nextInode,
                totals.files(),
                totals.directories(),
                totals.symlinks(),
                totals.bytes(),
                false));
    new FreshnessGuard(options.freshness(), log.header().volumeName()).register(head);
    draft.install();
    return AbstractView.infoOf(head, log);
  }

  /** Whether the volume has its name, so that its contents must stay. */
  public boolean isInPlace() {
    return draft.isInstalled();
  }

  /** Takes back what was not put in its place, and lets go of the rest. */
  @Override
  public void close() throws IOException {
    try {
      if (isInPlace()) {
        try (HostLock lock = draft.lock()) {
          draft.log().close();
        }
      } else {
        draft.close();
      }
    } finally {
      header.close();
      if (oldLock != null) {
        oldLock.close();
      }
    }
  }
}
