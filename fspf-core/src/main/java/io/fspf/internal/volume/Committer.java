package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import io.fspf.FreshnessException;
import io.fspf.RootTag;
import io.fspf.internal.file.ChunkGroup;
import io.fspf.internal.file.FileContent;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.format.Inode;
import io.fspf.internal.format.Orphan;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.Cursor;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the present state of a volume durable, as one commit.
 *
 * <p>In order: contents are written to the host; with everything else held up for a moment, the
 * state is fixed; contents and their names are synced; nodes and commit are appended and synced;
 * the tag is published; what the commit made obsolete is let go. Callers that wait while a commit
 * is under way share the next one.
 *
 * <p>What fails before the state is fixed leaves the volume as it was. What fails after leaves it
 * readable only, since memory and host may differ; reopening finds the last durable commit.
 *
 * <p>Thread-safe.
 */
final class Committer {
  /** So many host files stay open because they were cut. */
  private static final int MAX_UNSYNCED = 64;

  private record Discarded(long epoch, int region, FileIdentity identity, long sequence) {}

  private final WorkingState state;
  private final RegionStores stores;
  private final HostJournal journal;
  private final FreshnessGuard guard;
  private final HostJournal.RegionTableSource regions;
  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentLinkedQueue<Discarded> discarded = new ConcurrentLinkedQueue<>();

  // Guarded by lock.
  private MetadataLog log;
  private final List<Discarded> waiting = new ArrayList<>();
  private final List<Long> orphanRecords = new ArrayList<>();

  /** Whether the head is durable and the tag store may not know it. */
  private boolean unpublished;

  private long nextOrphan = 1;
  private long frozen;
  private long published;
  private volatile boolean marked;
  private boolean recording;

  private volatile long begun;
  private volatile long epoch;
  private volatile @Nullable Throwable failure;
  private volatile CommitInfo head;

  Committer(
      MetadataLog log,
      WorkingState state,
      RegionStores stores,
      HostJournal journal,
      HostJournal.RegionTableSource regions,
      FreshnessGuard guard) {
    this.log = log;
    this.head = log.head();
    this.state = state;
    this.stores = stores;
    this.journal = journal;
    this.regions = regions;
    this.guard = guard;
    this.marked = head.fields().openForWriting();
  }

  CommitInfo head() {
    return head;
  }

  /** The length of the file, in bytes. */
  long size() {
    return head.end();
  }

  /** How much of that the last commit does not need, in bytes. */
  long garbage() {
    CommitInfo last = head;
    return last.end() - last.liveNodeBytes();
  }

  /** The period between two commits to which changes made now belong. */
  long epoch() {
    return epoch;
  }

  /** Why the volume cannot be changed any more; null if it can. */
  @Nullable Throwable failure() {
    return failure;
  }

  void checkUsable() throws IOException {
    Throwable cause = failure;
    if (cause != null) {
      throw new IOException(
          "The volume can only be read since a commit failed; close it and open it again: "
              + cause.getMessage(),
          cause);
    }
  }

  /** The commit to come no longer refers to this object, or never will to this staged copy. */
  void discard(int region, FileIdentity identity) {
    discarded.add(new Discarded(epoch, region, identity, 0));
  }

  /**
   * Sees to it that the last commit says that a writer is at work, before the first byte of content
   * is written: object files may now hold what no commit knows.
   */
  void markOpen() throws IOException {
    if (marked && failure == null) {
      return;
    }
    lock.lock();
    try {
      checkUsable();
      if (!marked) {
        append(log.tree(), withOpen(head.fields(), true));
        marked = true;
      }
    } finally {
      lock.unlock();
    }
  }

  private static CommitFields withOpen(CommitFields fields, boolean open) {
    return new CommitFields(
        fields.nextInode(),
        fields.files(),
        fields.directories(),
        fields.symlinks(),
        fields.bytes(),
        open);
  }

  /** As {@link io.fspf.Volume#commit}. */
  RootTag commit() throws IOException {
    long asked = begun;
    lock.lock();
    try {
      checkUsable();
      if (published > asked || !isDue()) {
        return head.tag();
      }
      commitLocked(true);
      return head.tag();
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue() {
    return state.isChanged()
        || journal.isNoted()
        || !discarded.isEmpty()
        || published < frozen
        || unpublished;
  }

  /**
   * Runs a change that must be the only one of its commit, between what was changed before and what
   * is changed later. All changes wait meanwhile; readers do not.
   */
  void alone(Change change) throws IOException {
    lock.lock();
    try {
      state.exclusive().lock();
      try {
        checkUsable();
        if (isDue()) {
          commitLocked(true);
        }
        change.run();
        commitLocked(true);
      } finally {
        state.exclusive().unlock();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What {@link #alone} runs. */
  interface Change {
    void run() throws IOException;
  }

  /** Whether what is due concerns the tree only: nothing on the host has to follow the commit. */
  private boolean isAlone() {
    return !marked
        && waiting.isEmpty()
        && discarded.isEmpty()
        && !journal.isPending()
        && state.open().all().isEmpty();
  }

  private void commitLocked(boolean open) throws IOException {
    for (OpenInode inode : state.open().all()) {
      inode.content().flush();
    }
    Frozen fixed = freeze(open);
    try (var files = new Resources(fixed.files())) {
      for (FileContent.HostFileToSync file : fixed.files()) {
        file.sync();
      }
      stores.sync();
    } catch (Throwable e) {
      failure = e;
      throw e;
    }
    append(fixed.tree(), fixed.fields());
    published = fixed.number();
    settle(fixed.epoch());
  }

  private void append(Tree tree, CommitFields fields) throws IOException {
    try {
      head = log.commit(tree, fields);
      unpublished = true;
    } catch (Throwable e) {
      failure = e;
      throw e;
    }
    publish();
  }

  /** Makes the head known. If the store cannot be reached, the next commit does it. */
  private void publish() throws IOException {
    publish(head);
    unpublished = false;
  }

  private void publish(CommitInfo commit) throws IOException {
    try {
      guard.publish(commit);
    } catch (FreshnessException e) {
      failure = e;
      throw e;
    }
  }

  /** A state that is fixed, but not yet durable. */
  private record Frozen(
      Tree tree,
      CommitFields fields,
      List<FileContent.HostFileToSync> files,
      long number,
      long epoch) {}

  private Frozen freeze(boolean open) throws IOException {
    state.exclusive().lock();
    state.namespace().lock();
    try {
      List<OpenInode> contents = new ArrayList<>();
      for (OpenInode inode : state.open().all()) {
        if (inode.isChanged() && !inode.isUnlinked()) {
          inode.content().prepare();
          contents.add(inode);
        }
      }
      try {
        return fix(contents, open);
      } catch (Throwable e) {
        failure = e;
        throw e;
      }
    } finally {
      state.namespace().unlock();
      state.exclusive().unlock();
    }
  }

  private Frozen fix(List<OpenInode> contents, boolean open) throws IOException {
    var edits = new TreeEdits();
    var files = new ArrayList<FileContent.HostFileToSync>();
    for (OpenInode inode : contents) {
      FileContent.HostFileToSync file = record(inode, edits);
      if (file != null) {
        files.add(file);
      }
    }
    recordOrphans(edits);
    journal.freeze(edits);
    begun = ++frozen;
    state.apply(edits);
    contents.forEach(OpenInode::recorded);
    state.markFrozen();
    if (recording) {
      state.startRecording();
    }
    Totals totals = state.totals();
    var fields =
        new CommitFields(
            state.nextInode(),
            totals.files(),
            totals.directories(),
            totals.symlinks(),
            totals.bytes(),
            open);
    long fixed = epoch;
    epoch = fixed + 1;
    return new Frozen(state.tree(), fields, files, frozen, fixed);
  }

  /**
   * Puts what changed in a file's content into the edits, and its size and times.
   *
   * @return what must be durable before the commit is, to be closed; null if nothing
   */
  private FileContent.@Nullable HostFileToSync record(OpenInode inode, TreeEdits edits)
      throws IOException {
    Inode before = state.recorded(inode.number());
    if (before == null) {
      return null;
    }
    Inode after = inode.toRecord(before);
    FileContent.Frozen content = inode.content().freeze();
    record(inode, before, after, content, edits);
    return content.hostFile();
  }

  /**
   * The same for a content that stands whole in the file's record, while others may write; under
   * the namespace lock.
   *
   * @return false if it does not stand there, or if nothing changed
   */
  boolean recordInline(OpenInode inode, TreeEdits edits) throws IOException {
    Inode before = state.recorded(inode.number());
    if (before == null) {
      return false;
    }
    // First the times: a change that comes between is recorded with the one before it.
    Inode after = inode.toRecord(before);
    FileContent.Frozen content = inode.content().freezeInline();
    if (content == null) {
      return false;
    }
    record(inode, before, after, content, edits);
    return true;
  }

  private void record(
      OpenInode inode, Inode before, Inode withTimes, FileContent.Frozen content, TreeEdits edits)
      throws IOException {
    Inode.Builder after = withTimes.toBuilder();
    Records.setContent(after, content.state());
    Inode built = after.build();
    edits.put(Keys.inode(inode.number()), built.toByteArray());
    for (Map.Entry<Long, ChunkGroup> group : content.groups().entrySet()) {
      byte[] key = Keys.group(inode.number(), group.getKey());
      if (group.getValue().isEmpty()) {
        edits.remove(key);
      } else {
        edits.put(key, group.getValue().encode());
      }
    }
    if (content.staged()) {
      FileIdentity identity = java.util.Objects.requireNonNull(content.state().identity());
      stores.publish(inode, identity, built, new Namespace(state.inodes(), regions.regions()));
    }
    state.setTotals(state.totals().minus(before).plus(built));
  }

  private void recordOrphans(TreeEdits edits) {
    for (long sequence : orphanRecords) {
      edits.remove(Keys.orphan(sequence));
    }
    orphanRecords.clear();
    for (Discarded object = discarded.poll(); object != null; object = discarded.poll()) {
      long sequence = nextOrphan++;
      edits.put(
          Keys.orphan(sequence),
          Orphan.newBuilder()
              .setRegion(object.region())
              .setFileId(ByteString.copyFrom(object.identity().fileId()))
              .setKeyEpoch(object.identity().epoch())
              .build()
              .toByteArray());
      waiting.add(new Discarded(epoch, object.region(), object.identity(), sequence));
    }
  }

  /**
   * Takes up what the commit at which the volume was opened had left to be removed.
   *
   * @return inodes without a name
   */
  List<Long> loadOrphans(Tree tree) throws IOException {
    List<Long> unlinked = new ArrayList<>();
    Cursor cursor = tree.cursor(Keys.prefix(0, Keys.ORPHAN));
    while (cursor.next() && Keys.matches(cursor.key(), 0, Keys.ORPHAN)) {
      long sequence = Keys.number(cursor.key());
      Orphan orphan = Records.parse(Orphan.parser(), cursor.value());
      if (orphan.getInode() != 0) {
        unlinked.add(orphan.getInode());
        continue;
      }
      nextOrphan = sequence + 1;
      var identity =
          new FileIdentity(
              orphan.getRegion(),
              orphan.getFileId().toByteArray(),
              orphan.getKeyEpoch(),
              io.fspf.Integrity.GCM,
              io.fspf.Region.DEFAULT_CHUNK_SIZE);
      waiting.add(new Discarded(-1, orphan.getRegion(), identity, sequence));
    }
    return unlinked;
  }

  /** Lets go of what no state that anybody can still open or read refers to. */
  private void settle(long durableEpoch) throws IOException {
    try {
      journal.carryOut();
      long safe = stores.oldestSnapshot(durableEpoch);
      for (var iterator = waiting.iterator(); iterator.hasNext(); ) {
        Discarded object = iterator.next();
        if (object.epoch() <= safe) {
          MountedRegion region = regions.regions().byId(object.region());
          if (region != null) {
            stores.delete(region, object.identity());
          }
          orphanRecords.add(object.sequence());
          iterator.remove();
        }
      }
      int kept = 0;
      for (OpenInode inode : state.open().all()) {
        inode.content().reclaim(safe);
        // What was cut must be durable at the latest when the volume is closed. Until then it is
        // not worth a sync of its own, unless there is too much of it.
        if (inode.content().isUnsynced() && ++kept > MAX_UNSYNCED) {
          inode.content().sync();
        }
        if (state.open().forget(inode)) {
          inode.content().close();
        }
      }
    } catch (Throwable e) {
      failure = e;
      throw e;
    }
  }

  /**
   * The last commit of a writer: everything is let go and trimmed, and the commit says that no
   * writer is at work.
   *
   * @param clean false if object files may hold what no commit knows, so that the commit cannot say
   *     so
   */
  void commitClosing(boolean clean) throws IOException {
    lock.lock();
    try {
      if (failure != null || (!marked && !isDue())) {
        return;
      }
      if (clean && isAlone()) {
        commitLocked(false);
        return;
      }
      if (isDue()) {
        commitLocked(true);
      }
      settle(epoch - 1);
      boolean settled = waiting.isEmpty() && !isDue() && !journal.isPending();
      if (clean && settled && state.open().all().stream().noneMatch(i -> i.content().isBusy())) {
        for (OpenInode inode : state.open().all()) {
          inode.content().sync();
        }
        stores.sync();
        commitLocked(false);
        marked = false;
      } else if (!orphanRecords.isEmpty() || journal.isCarriedOut()) {
        commitLocked(true);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Runs something that no commit may come between. */
  <T> T exclusively(Action<T> action) throws IOException {
    lock.lock();
    try {
      return action.run(log);
    } finally {
      lock.unlock();
    }
  }

  /** What {@link #exclusively} runs. */
  interface Action<T> {
    T run(MetadataLog log) throws IOException;
  }

  /** Makes a new file that holds the state of the last commit. */
  interface Rewriting {
    Rewriter rewrite(MetadataLog log) throws IOException;

    /** The new file has the old one's name. */
    void installed(Rewriter rewriter) throws IOException;
  }

  /**
   * Goes on in a new file that holds the same state without garbage. Readers and changes go on
   * meanwhile, commits wait.
   *
   * <p>The tag store learns of a new file with a key when that has its name: a crash before finds a
   * descendant of what the store knows. Without a key nobody can tell a descendant, and the old
   * file, which the store knows, is gone. So it learns of the new one before, and a crash between
   * the two finds that under its draft's name.
   */
  void compact(Rewriting rewriting) throws IOException {
    lock.lock();
    try {
      checkUsable();
      // The new file's only commit is then one step from the published one.
      recording = true;
      commitLocked(true);
      try (Rewriter rewriter = rewriting.rewrite(log)) {
        if (rewriter.log().header().isSealed()) {
          switchTo(rewriter, rewriting);
          unpublished = true;
          publish();
        } else {
          rewriter.keep();
          publish(rewriter.log().head());
          switchTo(rewriter, rewriting);
        }
      }
    } finally {
      recording = false;
      stopRecording();
      lock.unlock();
    }
  }

  private void stopRecording() {
    state.namespace().lock();
    try {
      state.stopRecording();
    } finally {
      state.namespace().unlock();
    }
  }

  private void switchTo(Rewriter rewriter, Rewriting rewriting) throws IOException {
    try {
      try {
        rewriter.install();
      } finally {
        if (rewriter.isInstalled()) {
          rewriting.installed(rewriter);
        }
      }
      log = rewriter.log();
      head = log.head();
      state.namespace().lock();
      try {
        state.moveTo(log.tree());
      } finally {
        state.namespace().unlock();
      }
    } catch (Throwable e) {
      // Which of the two files has the name is not known for sure.
      failure = e;
      throw e;
    }
  }

  /** The file at the moment. */
  MetadataLog log() {
    lock.lock();
    try {
      return log;
    } finally {
      lock.unlock();
    }
  }
}
