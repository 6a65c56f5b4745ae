package io.fspf.internal.volume;

import com.google.common.collect.ImmutableList;
import io.fspf.AttributeChange;
import io.fspf.CrashRemains;
import io.fspf.FileAttributes;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeInfo;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.file.ContentServices;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A volume that is open, for reading or for writing as well: brings its parts together, and answers
 * by them.
 *
 * <p>Thread-safe. Order of locks, of which each thread takes only some: the committer's; the
 * working state's shared or exclusive one, which {@link ChangeGate} takes for every change; its
 * namespace lock; the table of open inodes; a content's own.
 */
final class LiveVolume extends AbstractView implements Volume {
  /** Far more than will ever be given out, and room for more. */
  private static final long MAX_INODE = 1L << 62;

  /** So much garbage in bytes is not worth a compaction. */
  private static final long MAX_GARBAGE = 1L << 20;

  /** Of new files, where nothing else is asked for. */
  private static final int DEFAULT_MODE = 0644;

  private final OpenedVolume opened;
  private final MountedRegions regions;
  private final WorkingState state;
  private final ContentServices services;
  private final HostJournal journal;
  private final RegionStores stores;
  private final VolumeFailure failure = new VolumeFailure();
  private final Orphans orphans = new Orphans();
  private final StateFreezer freezer;
  private final Committer committer;
  private final Creations creations;
  private final Removals removals;
  private final AttributeChanges attributeChanges;
  private final Background background;
  private final ChangeGate gate;
  private final FileHandles handles;
  private final Moves moves;
  private final Compaction compaction;
  private final boolean writable;

  private volatile boolean clean;

  LiveVolume(OpenedVolume opened) throws IOException {
    this.opened = opened;
    this.writable = opened.options().isWritable();
    this.services = opened.services();
    this.regions = new MountedRegions(opened.location(), opened.regions());
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
    this.journal = new HostJournal(regions);
    this.stores = new RegionStores(journal, writable, orphans);
    InstantSource clock = opened.environment().clock();
    var contents = new ContentRecorder(state, stores, clock);
    this.freezer = new StateFreezer(state, journal, orphans, contents, failure);
    this.committer =
        new Committer(
            new PublishedLog(opened.log(), opened.guard(), failure),
            state,
            stores,
            journal,
            orphans,
            regions,
            freezer,
            failure);
    var places = new Places(this::namespace);
    this.creations =
        new Creations(state, places, journal, services.keys(), opened.options().owner(), clock);
    this.removals = new Removals(state, places, journal, orphans, clock);
    this.attributeChanges = new AttributeChanges(state, places, journal, clock);
    this.background =
        new Background(opened.options().commitInterval(), this::commit, this::compact);
    this.gate = new ChangeGate(this, writable, state, committer, background);
    this.handles =
        new FileHandles(
            this,
            state,
            new InodeOpener(
                this, writable, state, stores, services, freezer, failure, contents, removals),
            services,
            committer,
            creations,
            gate,
            this::commit,
            clock);
    this.moves =
        new Moves(
            this,
            state,
            committer,
            new Renames(state, places, journal, removals, clock),
            gate,
            opened.environment().crypto());
    this.compaction =
        new Compaction(
            opened.environment(),
            opened.location(),
            opened.options(),
            opened.keys(),
            opened.lock());
    journal.load(state.tree());
    if (writable) {
      recover();
    }
  }

  /** Finishes what the last commit decided and a crash may have left undone. */
  private void recover() throws IOException {
    if (!clean) {
      Rewriter.removeStale(opened.location());
    }
    List<Long> unlinked = orphans.load(state.tree());
    if (journal.isPending() || !orphans.isEmpty()) {
      // Its writer may have been killed before the sync, and what follows must not overtake it.
      committer.log().secureHead();
      journal.carryOut();
      // At once: a file that now gets a fresh key may give its object the name of one of them,
      // which an attempt that failed before the crash had made.
      orphans.delete(Orphans.BEFORE, regions.regions(), stores);
    }
    for (long number : unlinked) {
      removals.removeUnlinked(number);
    }
  }

  @Override
  Namespace namespace() {
    return new Namespace(state.inodes(), regions.regions());
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

  @Override
  public boolean isWritable() {
    return writable && failure.cause() == null && !isClosed();
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
    try {
      return handles.open(path, mode, flags);
    } catch (IntegrityException e) {
      throw located(path, e);
    }
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
    return new Parts(
        opened.location(), committer.log(), regions.regions(), services, stores, journal);
  }

  WorkingState state() {
    return state;
  }

  /** Goes on with another tree, which was made from the present one and is to be committed. */
  void adopt(
      Tree tree, long nextInode, Totals totals, int region, List<FileIdentity> replacedObjects)
      throws IOException {
    failure.check();
    state.shared().lock();
    state.namespace().lock();
    try {
      state.adopt(tree, nextInode, totals);
      replacedObjects.forEach(object -> orphans.discarded(region, object));
    } finally {
      state.namespace().unlock();
      state.shared().unlock();
    }
  }

  /** Opens what stands at a position; a file that was removed meanwhile is not there. */
  VolumeFile openExisting(VolumePath path, Position at, OpenFlags flags) throws IOException {
    return handles.openExisting(path, at, flags);
  }

  // ------------------------------------------------------------------------------------------
  // changing

  @Override
  public void createDirectory(VolumePath path, int mode) throws IOException {
    gate.change(path, () -> creations.createDirectory(path, mode));
  }

  @Override
  public void createSymbolicLink(VolumePath link, byte[] target) throws IOException {
    gate.change(link, () -> creations.createSymbolicLink(link, target.clone()));
  }

  @Override
  public void createLink(VolumePath link, VolumePath existing) throws IOException {
    if (reading(link, names -> names.regionAt(link)).protection() == Protection.AUTHENTICATED) {
      gate.changeAlone(link, () -> creations.createLink(link, existing));
    } else {
      gate.change(link, () -> creations.createLink(link, existing));
    }
  }

  @Override
  public void delete(VolumePath path) throws IOException {
    gate.change(path, () -> removals.delete(path));
  }

  @Override
  public void move(VolumePath from, VolumePath to, CopyOption... options) throws IOException {
    moves.move(from, to, options);
  }

  @Override
  public void setAttributes(VolumePath path, AttributeChange change, LinkOption... options)
      throws IOException {
    gate.change(path, () -> attributeChanges.setAttributes(path, change, follows(options)));
  }

  @Override
  public void setExtendedAttribute(
      VolumePath path, Name name, byte @Nullable [] value, LinkOption... options)
      throws IOException {
    gate.change(
        path, () -> attributeChanges.setExtendedAttribute(path, name, value, follows(options)));
  }

  @Override
  public void addRegion(Region region) throws IOException {
    gate.enter();
    state.namespace().lock();
    try {
      regions.add(region, creations);
    } finally {
      state.namespace().unlock();
      gate.leave();
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
          var snapshot =
              new SnapshotView(log.head(), log, log.tree(), regions.regions(), services, stores);
          stores.addSnapshot(snapshot, freezer.epoch() - 1);
          return snapshot;
        });
  }

  @Override
  public List<VolumeInfo> history() throws IOException {
    checkOpen();
    return committer.exclusively(
        log ->
            log.history().newest(Integer.MAX_VALUE).stream()
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
    new ObjectCutter(state.tree(), regions.regions(), new InodeNames(state.inodes()), stores).cut();
    clean = true;
  }

  @Override
  public CrashRemains crashRemains() throws IOException {
    checkOpen();
    return committer.exclusively(Remains::of);
  }

  @Override
  public void compact() throws IOException {
    gate.prepare();
    committer.compact(compaction);
  }

  @Override
  public void close() throws IOException {
    if (!gate.close()) {
      return;
    }
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
    resources.add(compaction);
    if (keys != null) {
      resources.add(keys::close);
    }
    resources.add(committer::closeLog);
    state.open().all().forEach(inode -> resources.add(inode.content()));
    resources.addAll(handles.hostFiles());
    new Resources(resources).close();
  }

  private void closeWritable() throws IOException {
    for (OpenInode inode : state.open().abandonAll()) {
      removals.removeUnlinked(inode.number());
    }
    committer.commitClosing(clean);
    if (failure.cause() == null && !journal.isPending()) {
      stores.removeStagings(regions.regions());
    }
  }
}
