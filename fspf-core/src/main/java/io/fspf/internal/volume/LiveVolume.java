package io.fspf.internal.volume;

import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import io.fspf.AttributeChange;
import io.fspf.CrashRemains;
import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeInfo;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.file.ContentServices;
import io.fspf.internal.file.ContentStore;
import io.fspf.internal.file.FileContent;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.format.Inode;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostLock;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.HeaderFields;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A volume that is open, for reading or for writing as well. Thread-safe. */
final class LiveVolume extends AbstractView implements Volume, ProtectedFile.Owner {
  /** Far more than will ever be given out, and room for more. */
  private static final long MAX_INODE = 1L << 62;

  /** How many bytes of changes all files together hold before they are written. */
  private static final long MAX_DIRTY = 64L << 20;

  /** So much garbage in bytes is not worth a compaction. */
  private static final long MAX_GARBAGE = 1L << 20;

  /** Of new files, where nothing else is asked for. */
  private static final int DEFAULT_MODE = 0644;

  private final Opened opened;
  private final WorkingState state;
  private final ContentServices services;
  private final HostJournal journal;
  private final RegionStores stores;
  private final Committer committer;
  private final Changes changes;
  private final Background background;
  private final boolean writable;

  /** Held by who appends to a file that is passed through: any two handles may be of one file. */
  private final Object hostAppends = new Object();

  private volatile boolean clean;
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile RegionTable regions;

  /** Guarded by the committer's exclusivity. */
  private HostLock lock;

  /**
   * What opening brought together.
   *
   * @param location where it lies
   * @param log the fspf file at its head
   * @param regions of the head
   * @param services for contents
   * @param guard the tag store's side
   * @param lock among honest processes
   * @param keys of the metadata, or null
   */
  record Opened(
      VolumeEnvironment environment,
      VolumeLocation location,
      VolumeOptions options,
      MetadataLog log,
      RegionTable regions,
      ContentServices services,
      FreshnessGuard guard,
      HostLock lock,
      @Nullable MetadataKeys keys) {}

  LiveVolume(Opened opened) throws IOException {
    this.opened = opened;
    this.writable = opened.options().isWritable();
    this.services = opened.services();
    this.regions = opened.regions();
    this.lock = opened.lock();
    CommitInfo head = opened.log().head();
    this.clean = !head.fields().openForWriting();
    long nextInode = head.fields().nextInode();
    if (nextInode < 1 || nextInode > MAX_INODE) {
      throw new IntegrityException(
          opened.location().file().toString(), head.offset(), "the commit's next inode is none");
    }
    this.state =
        new WorkingState(
            opened.log().tree(),
            nextInode,
            new Totals(
                head.fields().files(),
                head.fields().directories(),
                head.fields().symlinks(),
                head.fields().bytes()),
            new OpenInodes());
    this.journal = new HostJournal(() -> this.regions);
    this.stores = new RegionStores(journal, writable, this::discarded);
    this.committer =
        new Committer(opened.log(), state, stores, journal, () -> this.regions, opened.guard());
    this.changes =
        new Changes(
            state,
            this::namespace,
            journal,
            services.keys(),
            this::discarded,
            opened.options().owner(),
            opened.environment().clock());
    this.background =
        new Background(opened.options().commitInterval(), this::commit, this::compact);
    journal.load(state.tree());
    if (writable) {
      recover();
    }
  }

  private void discarded(int region, FileIdentity identity) {
    committer.discard(region, identity);
  }

  /** Finishes what the last commit decided and a crash may have left undone. */
  private void recover() throws IOException {
    if (!clean) {
      Rewriter.removeStale(opened.location());
    }
    if (journal.isPending()) {
      journal.carryOut();
    }
    for (long number : committer.loadOrphans(state.tree())) {
      changes.removeUnlinked(number);
    }
  }

  @Override
  Namespace namespace() {
    return new Namespace(state.inodes(), regions);
  }

  @Override
  public RootTag tag() {
    return committer.head().tag();
  }

  @Override
  public long generation() {
    return committer.head().generation();
  }

  @Override
  public VolumeInfo info() {
    return infoOf(committer.head(), committer.log());
  }

  static VolumeInfo infoOf(CommitInfo head, MetadataLog log) {
    return new VolumeInfo(
        BaseEncoding.base16().lowerCase().encode(log.header().volumeId().toByteArray()),
        head.tag(),
        head.generation(),
        head.time(),
        log.header().isSealed(),
        head.fields().files(),
        head.fields().directories(),
        head.fields().symlinks(),
        head.fields().bytes(),
        log.size(),
        head.liveNodeBytes());
  }

  @Override
  public boolean isWritable() {
    return writable && committer.failure() == null && !isClosed();
  }

  // ------------------------------------------------------------------------------------------
  // opening

  @Override
  public FileAttributes attributes(VolumePath path, LinkOption... options) throws IOException {
    while (true) {
      Tree before = state.tree();
      Position at = reading(path, names -> names.resolve(path, follows(options)));
      FileAttributes found = reading(path, names -> names.attributes(at));
      // Of a file that has been removed meanwhile, the last changes may not be seen.
      boolean certain =
          !found.isRegularFile()
              || !at.isProtected()
              || state.tree() == before
              || reading(path, names -> isThere(at));
      if (certain) {
        return found;
      }
    }
  }

  private boolean isThere(Position at) throws IOException {
    return state.recorded(at.inodeNumber()) != null;
  }

  @Override
  public VolumeFile open(VolumePath path, OpenOption... options) throws IOException {
    return open(path, DEFAULT_MODE, options);
  }

  @Override
  public VolumeFile open(VolumePath path, int mode, OpenOption... options) throws IOException {
    OpenFlags flags = OpenFlags.of(options);
    checkOpen();
    if (flags.write()) {
      beforeChange();
    }
    try {
      return openLocated(path, mode, flags);
    } catch (IntegrityException e) {
      throw located(path, e);
    }
  }

  private VolumeFile openLocated(VolumePath path, int mode, OpenFlags flags) throws IOException {
    if (!flags.write()) {
      while (true) {
        VolumeFile file = tryOpen(path, namespace().resolve(path, flags.follow()), flags);
        if (file != null) {
          return file;
        }
      }
    }
    beginChange();
    try {
      while (true) {
        Position at = namespace().tryResolve(path, flags.follow());
        if (at != null && flags.createNew()) {
          throw new FileAlreadyExistsException(path.toString());
        }
        if (at == null && !flags.create() && !flags.createNew()) {
          throw new NoSuchFileException(path.toString());
        }
        VolumeFile file = at == null ? tryCreate(path, mode, flags) : tryOpen(path, at, flags);
        if (file != null) {
          return file;
        }
      }
    } finally {
      state.shared().unlock();
    }
  }

  /** Makes a file and opens it, or returns null if there has come to be one meanwhile. */
  private @Nullable VolumeFile tryCreate(VolumePath path, int mode, OpenFlags flags)
      throws IOException {
    // Nobody removes it before it is open.
    state.namespace().lock();
    try {
      Position at = changes.createFile(creationPath(path, flags), mode);
      return openExisting(path, at, flags.created());
    } catch (FileAlreadyExistsException e) {
      if (flags.createNew()) {
        throw e;
      }
      return null;
    } finally {
      state.namespace().unlock();
    }
  }

  /** Through a dangling link at the end, if it is followed, a file is made where the link leads. */
  private VolumePath creationPath(VolumePath path, OpenFlags flags) throws IOException {
    return flags.follow() ? namespace().creationPath(path) : path;
  }

  /** What checks and walks of the whole volume stand on. */
  record Parts(
      VolumeLocation location,
      MetadataLog log,
      RegionTable regions,
      ContentServices services,
      RegionStores stores,
      HostJournal journal) {}

  Parts parts() {
    return new Parts(opened.location(), committer.log(), regions, services, stores, journal);
  }

  WorkingState state() {
    return state;
  }

  /** Goes on with another tree, which was made from the present one and is to be committed. */
  void adopt(
      Tree tree, long nextInode, Totals totals, int region, List<FileIdentity> replacedObjects)
      throws IOException {
    committer.checkUsable();
    state.shared().lock();
    state.namespace().lock();
    try {
      state.adopt(tree, nextInode, totals);
      replacedObjects.forEach(object -> discarded(region, object));
    } finally {
      state.namespace().unlock();
      state.shared().unlock();
    }
  }

  VolumeFile openExisting(VolumePath path, Position at, OpenFlags flags) throws IOException {
    VolumeFile file = tryOpen(path, at, flags);
    if (file == null) {
      throw new NoSuchFileException(path.toString());
    }
    return file;
  }

  /**
   * Opens what stands at a position, or returns null if that has been removed or replaced there
   * since it was found.
   */
  private @Nullable VolumeFile tryOpen(VolumePath path, Position at, OpenFlags flags)
      throws IOException {
    if (at.type() == FileType.DIRECTORY) {
      throw new FileSystemException(path.toString(), null, "Is a directory");
    }
    if (at.type() == FileType.SYMLINK) {
      throw new FileSystemException(path.toString(), null, "Is a symbolic link");
    }
    if (at.isHost()) {
      return openHost(path, at, flags);
    }
    OpenInode inode = acquire(at);
    if (inode == null) {
      return null;
    }
    try {
      if (flags.isCreated()) {
        inode.content().markCreated();
        state.markChanged();
      } else if (!writable || cleanOnHost()) {
        inode.content().checkHostSize(!cleanOnHost());
      }
      if (flags.truncate() && inode.content().size() > 0) {
        inode.content().setSize(0);
        inode.touch(opened.environment().clock().instant());
        state.markChanged();
      }
    } catch (Throwable e) {
      release(inode);
      throw e;
    }
    return new ProtectedFile(this, inode, path, flags);
  }

  /** Whether the host's files must have exactly the committed lengths. */
  private boolean cleanOnHost() {
    return !committer.head().fields().openForWriting();
  }

  private VolumeFile openHost(VolumePath path, Position at, OpenFlags flags) throws IOException {
    HostDirectory host = at.region().hostDirectory();
    var file =
        host.open(
            at.pathInRegion(), flags.write() ? HostDirectory.Mode.WRITE : HostDirectory.Mode.READ);
    try {
      if (flags.truncate()) {
        file.setSize(0);
      }
      return new HostVolumeFile(
          file,
          flags,
          () -> reading(path, names -> names.attributes(names.resolve(path, true))),
          hostAppends);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /** The open inode at a position, with one handle more; null if it is not there any more. */
  private @Nullable OpenInode acquire(Position at) throws IOException {
    if (writable && at.region().isAuthenticated()) {
      // It stands under its name on the host, and learns of moves only from now on.
      state.namespace().lock();
      try {
        return namespace().leadsTo(at.region(), at.pathInRegion(), at.inodeNumber())
            ? acquireUnmoved(at)
            : null;
      } finally {
        state.namespace().unlock();
      }
    }
    return acquireUnmoved(at);
  }

  private @Nullable OpenInode acquireUnmoved(Position at) throws IOException {
    ContentStore store =
        stores.storeOf(at.region(), at.region().isAuthenticated() ? at.pathInRegion() : null);
    OpenInode inode =
        state.open().acquire(at.inodeNumber(), number -> openInode(at, number, store));
    if (inode == null) {
      // Whoever removes it has the namespace until that is done.
      state.awaitTransaction();
    }
    return inode;
  }

  /** From the record at this moment: the one in the position may have been replaced meanwhile. */
  private @Nullable OpenInode openInode(Position at, long number, ContentStore store)
      throws IOException {
    Inode record = state.recorded(number);
    if (record == null) {
      return null;
    }
    var content =
        new FileContent(
            number,
            at.path().toString(),
            at.region().region(),
            at.region().id(),
            Records.content(record, at.region()),
            new TreeGroups(state::tree, number),
            store,
            services,
            committer::epoch);
    return new OpenInode(number, at.region(), content, store);
  }

  @Override
  public boolean isOpen() {
    return !isClosed();
  }

  @Override
  public void release(OpenInode inode) throws IOException {
    if (!state.open().release(inode) || isClosed()) {
      return;
    }
    boolean settles =
        inode.isUnlinked() || (inode.content().isChanged() && inode.content().isInline());
    if (settles && committer.failure() == null) {
      state.shared().lock();
      try {
        if (inode.isUnlinked()) {
          changes.removeUnlinked(inode.number());
        } else {
          changes.settleInline(inode, committer);
        }
      } finally {
        state.shared().unlock();
      }
    }
    if (state.open().forget(inode)) {
      inode.content().close();
    }
  }

  @Override
  public <T> T change(OpenInode inode, ProtectedFile.Change<T> change) throws IOException {
    T result;
    beginChange();
    try {
      result = change.apply();
      inode.touch(opened.environment().clock().instant());
      state.markChanged();
    } finally {
      state.shared().unlock();
    }
    background.changed();
    if (services.dirtyBytes().get() > MAX_DIRTY) {
      flushAll();
    }
    return result;
  }

  /** Not while a commit fixes its state, which would take slots that it refers to for let go. */
  private void flushAll() throws IOException {
    state.shared().lock();
    try {
      for (OpenInode inode : state.open().all()) {
        inode.content().flush();
      }
    } finally {
      state.shared().unlock();
    }
  }

  @Override
  public FileAttributes attributes(OpenInode inode) throws IOException {
    Inode record = state.inodes().inode(inode.number());
    if (record == null) {
      throw new NoSuchFileException("A file without a name");
    }
    return Records.attributes(inode.number(), record);
  }

  @Override
  public void force() throws IOException {
    if (writable) {
      commit();
    }
  }

  // ------------------------------------------------------------------------------------------
  // changing

  private void beforeChange() throws IOException {
    checkOpen();
    if (!writable) {
      throw new ReadOnlyFileSystemException();
    }
    committer.markOpen();
  }

  /** Takes the shared lock, which whoever closes the volume waits for. */
  private void beginChange() throws IOException {
    beforeChange();
    state.shared().lock();
    if (closing.get()) {
      state.shared().unlock();
      throw new ClosedFileSystemException();
    }
  }

  private void changing(VolumePath path, Committer.Change change) throws IOException {
    beginChange();
    try {
      change.run();
    } catch (IntegrityException e) {
      throw located(path, e);
    } finally {
      state.shared().unlock();
    }
    background.changed();
  }

  /** The same, where the host's side of the change cannot be carried out with that of others. */
  private void changingAlone(VolumePath path, Committer.Change change) throws IOException {
    beforeChange();
    committer.alone(() -> changing(path, change));
  }

  @Override
  public void createDirectory(VolumePath path, int mode) throws IOException {
    changing(path, () -> changes.createDirectory(path, mode));
  }

  @Override
  public void createSymbolicLink(VolumePath link, byte[] target) throws IOException {
    changing(link, () -> changes.createSymbolicLink(link, target.clone()));
  }

  @Override
  public void createLink(VolumePath link, VolumePath existing) throws IOException {
    if (reading(link, names -> regionAt(names, link)).protection() == Protection.AUTHENTICATED) {
      changingAlone(link, () -> changes.createLink(link, existing));
    } else {
      changing(link, () -> changes.createLink(link, existing));
    }
  }

  @Override
  public void delete(VolumePath path) throws IOException {
    changing(path, () -> changes.delete(path));
  }

  @Override
  public void move(VolumePath from, VolumePath to, CopyOption... options) throws IOException {
    List<CopyOption> given = Arrays.asList(options);
    boolean atomic = given.contains(StandardCopyOption.ATOMIC_MOVE);
    boolean replace = atomic || given.contains(StandardCopyOption.REPLACE_EXISTING);
    Region source = reading(from, names -> regionAt(names, from));
    Region target = reading(to, names -> regionAt(names, to));
    if (!source.equals(target)) {
      if (atomic) {
        throw new AtomicMoveNotSupportedException(
            from.toString(), to.toString(), "The move leads into another region");
      }
      reading(
          from,
          names -> {
            Changes.requireFree(names.resolve(from, false));
            return from;
          });
      moveAcross(from, to, replace);
      return;
    }
    Committer.Change change = () -> moveWithin(() -> changes.move(from, to, replace));
    if (source.protection() == Protection.AUTHENTICATED) {
      changingAlone(from, change);
    } else {
      changing(from, change);
    }
  }

  private void moveAcross(VolumePath from, VolumePath to, boolean replace) throws IOException {
    byte[] suffix = opened.environment().crypto().random().bytes(8);
    var move =
        new CrossRegionMove(
            this, Name.of(".fspf-moving-" + BaseEncoding.base16().lowerCase().encode(suffix)));
    beforeChange();
    VolumePath unused =
        committer.exclusively(
            log -> {
              move.move(from, to, replace);
              return to;
            });
  }

  /** Puts what no commit knows yet in the place of something in the same directory. */
  void replaceByDraft(VolumePath draft, VolumePath to) throws IOException {
    changing(to, () -> moveWithin(() -> changes.replaceByDraft(draft, to)));
  }

  private interface Moving {
    Changes.@Nullable Moved move() throws IOException;
  }

  /** Together: whoever opens a file at a name finds it to stand there. */
  private void moveWithin(Moving moving) throws IOException {
    state.namespace().lock();
    try {
      Changes.Moved moved = moving.move();
      if (moved != null) {
        relocate(moved);
      }
    } finally {
      state.namespace().unlock();
    }
  }

  /** The region of the directory that holds the last name. */
  private static Region regionAt(Namespace names, VolumePath path) throws IOException {
    Position directory = names.resolve(path.parent(), true);
    if (!directory.isProtected() && !directory.isHost()) {
      throw new ReadOnlyFileSystemException();
    }
    return directory.region().region();
  }

  /** Open files of an authenticated region learn where they stand after a move. */
  private void relocate(Changes.Moved moved) {
    for (OpenInode inode : state.open().all()) {
      if (inode.region().id() == moved.region().id()
          && inode.store() instanceof PlainStore store
          && store.path().startsWith(moved.from())) {
        store.setPath(moved.to().resolve(store.path().relativize(moved.from())));
      }
    }
  }

  @Override
  public void setAttributes(VolumePath path, AttributeChange change, LinkOption... options)
      throws IOException {
    changing(path, () -> changes.setAttributes(path, change, follows(options)));
  }

  @Override
  public void setExtendedAttribute(
      VolumePath path, Name name, byte @Nullable [] value, LinkOption... options)
      throws IOException {
    changing(path, () -> changes.setExtendedAttribute(path, name, value, follows(options)));
  }

  @Override
  public void addRegion(Region region) throws IOException {
    beginChange();
    state.namespace().lock();
    try {
      RegionTable before = regions;
      if (before.regions().stream().anyMatch(other -> other.path().equals(region.path()))) {
        throw new FileAlreadyExistsException(region.path().toString(), null, "Is a region already");
      }
      int id = 1 + before.regions().stream().mapToInt(MountedRegion::id).max().orElse(0);
      HostDirectory host =
          region.hostDirectory().isPresent()
              ? opened.location().regionDirectory(region.hostDirectory().get())
              : null;
      regions =
          new RegionTable(
              ImmutableList.<MountedRegion>builder()
                  .addAll(before.regions())
                  .add(changes.addRegion(id, region, host))
                  .build());
    } finally {
      state.namespace().unlock();
      state.shared().unlock();
    }
  }

  @Override
  public RootTag commit() throws IOException {
    checkOpen();
    if (!writable) {
      return tag();
    }
    RootTag tag = committer.commit();
    if (committer.garbage() > MAX_GARBAGE
        && committer.garbage() > opened.options().maxGarbage() * committer.size()) {
      background.compactSoon();
    }
    return tag;
  }

  @Override
  public Snapshot snapshot() throws IOException {
    checkOpen();
    return committer.exclusively(
        log -> {
          var snapshot = new SnapshotView(log.head(), log, log.tree(), regions, services, stores);
          stores.addSnapshot(snapshot, committer.epoch() - 1);
          return snapshot;
        });
  }

  @Override
  public List<VolumeInfo> history() throws IOException {
    checkOpen();
    return committer.exclusively(
        log ->
            log.history(Integer.MAX_VALUE).stream()
                .map(commit -> infoOf(commit, log))
                .collect(ImmutableList.toImmutableList()));
  }

  /**
   * Cuts every object file to what the last commit needs, and the fspf file behind that commit, so
   * that closing can say that no writer is at work. For a volume that was just opened and that
   * nobody changes.
   */
  void cutToCommit() throws IOException {
    commit();
    committer.log().secureHead();
    new ObjectTails(state.tree(), namespace(), stores).cut();
    clean = true;
  }

  @Override
  public CrashRemains crashRemains() throws IOException {
    checkOpen();
    return committer.exclusively(Remains::of);
  }

  @Override
  public void compact() throws IOException {
    beforeChange();
    committer.compact(
        new Committer.Rewriting() {
          @Override
          public Rewriter rewrite(MetadataLog old) throws IOException {
            // The state before this is published, so nobody will look for an older draft.
            Rewriter.removeStale(opened.location());
            return rewritten(old);
          }

          @Override
          public void installed(Rewriter rewriter) throws IOException {
            replaceLock(rewriter.lock());
          }
        });
  }

  private Rewriter rewritten(MetadataLog old) throws IOException {
    Rewriter rewriter =
        Rewriter.begin(
            opened.environment(),
            opened.location(),
            file ->
                MetadataLog.create(
                    file,
                    successorOf(old),
                    opened.keys(),
                    Volumes.treeOptions(opened.environment(), opened.options())));
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
  private void replaceLock(HostLock newLock) throws IOException {
    HostLock old = lock;
    lock = newLock;
    old.close();
  }

  @Override
  public void close() throws IOException {
    // Not amid a move between regions, which would be half done.
    if (!committer.exclusively(log -> closing.compareAndSet(false, true))) {
      return;
    }
    background.close();
    state.awaitChanges();
    stores.closeSnapshots();
    try {
      if (writable) {
        closeWritable();
      }
    } finally {
      markClosed();
      services.cache().clear();
      closeResources();
    }
  }

  private void closeResources() throws IOException {
    MetadataKeys keys = opened.keys();
    var resources = new ArrayList<Closeable>();
    resources.add(lock);
    if (keys != null) {
      resources.add(keys::close);
    }
    resources.add(committer.log());
    state.open().all().forEach(inode -> resources.add(inode.content()));
    new Resources(resources).close();
  }

  private void closeWritable() throws IOException {
    for (OpenInode inode : state.open().abandonAll()) {
      changes.removeUnlinked(inode.number());
    }
    committer.commitClosing(clean);
    if (committer.failure() == null && !journal.isPending()) {
      stores.removeStagings(regions);
    }
  }
}
