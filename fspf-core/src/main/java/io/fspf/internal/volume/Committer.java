package io.fspf.internal.volume;

import io.fspf.RootTag;
import io.fspf.internal.file.FileContent;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.MetadataLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

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
 * <p>Thread-safe. One lock, the first in the order of the volume's locks, is held by all that
 * commits, to the end of its syncs.
 */
final class Committer {
  /** So many host files stay open because they were cut. */
  private static final int MAX_UNSYNCED = 64;

  private final WorkingState state;
  private final RegionStores stores;
  private final HostJournal journal;
  private final Orphans orphans;
  private final HostJournal.RegionTableSource regions;
  private final StateFreezer freezer;
  private final VolumeFailure failure;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private final PublishedLog log;

  /** The number of the last state that was made durable and known. */
  private long published;

  /** Whether a compaction goes on in another file, and needs the changes since its commit. */
  private boolean recording;

  /** Whether the last commit says that a writer is at work. */
  private volatile boolean marked;

  Committer(
      PublishedLog log,
      WorkingState state,
      RegionStores stores,
      HostJournal journal,
      Orphans orphans,
      HostJournal.RegionTableSource regions,
      StateFreezer freezer,
      VolumeFailure failure) {
    this.log = log;
    this.state = state;
    this.stores = stores;
    this.journal = journal;
    this.orphans = orphans;
    this.regions = regions;
    this.freezer = freezer;
    this.failure = failure;
    this.marked = log.head().fields().openForWriting();
  }

  /** The newest commit. */
  CommitInfo head() {
    return log.head();
  }

  /** The length of the file, in bytes. */
  long size() {
    return log.head().end();
  }

  /** How much of that the last commit does not need, in bytes. */
  long garbage() {
    CommitInfo last = log.head();
    return last.end() - last.liveNodeBytes();
  }

  /**
   * Sees to it that the last commit says that a writer is at work, before the first byte of content
   * is written: object files may now hold what no commit knows.
   */
  void markOpen() throws IOException {
    if (marked && failure.cause() == null) {
      return;
    }
    lock.lock();
    try {
      failure.check();
      if (!marked) {
        log.commit(log.log().tree(), withOpen(log.head().fields()));
        marked = true;
      }
    } finally {
      lock.unlock();
    }
  }

  private static CommitFields withOpen(CommitFields fields) {
    return new CommitFields(
        fields.nextInode(),
        fields.files(),
        fields.directories(),
        fields.symlinks(),
        fields.bytes(),
        true);
  }

  /** As {@link io.fspf.Volume#commit}. */
  RootTag commit() throws IOException {
    long asked = freezer.frozen();
    lock.lock();
    try {
      failure.check();
      if (published > asked || !isDue()) {
        return log.head().tag();
      }
      commitLocked(true);
      return log.head().tag();
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue() {
    return state.isChanged()
        || journal.isNoted()
        || orphans.isNoted()
        || published < freezer.frozen()
        || log.isUnpublished();
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
        failure.check();
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
    return !marked && orphans.isEmpty() && !journal.isPending() && state.open().all().isEmpty();
  }

  private void commitLocked(boolean open) throws IOException {
    for (OpenInode inode : state.open().all()) {
      inode.content().flush();
    }
    StateFreezer.Frozen fixed = freezer.freeze(open, recording);
    try (var files = new Resources(fixed.files())) {
      for (FileContent.HostFileToSync file : fixed.files()) {
        file.sync();
      }
      stores.sync();
    } catch (Throwable e) {
      failure.is(e);
      throw e;
    }
    log.commit(fixed.tree(), fixed.fields());
    published = fixed.number();
    settle(fixed.epoch());
  }

  /** Lets go of what no state that anybody can still open or read refers to. */
  private void settle(long durableEpoch) throws IOException {
    try {
      journal.carryOut();
      long safe = stores.oldestSnapshot(durableEpoch);
      orphans.delete(safe, regions.regions(), stores);
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
      failure.is(e);
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
      if (failure.cause() != null || (!marked && !isDue())) {
        return;
      }
      if (clean && isAlone()) {
        commitLocked(false);
        return;
      }
      if (isDue()) {
        commitLocked(true);
      }
      settle(freezer.epoch() - 1);
      boolean settled = orphans.isEmpty() && !isDue() && !journal.isPending();
      if (clean && settled && state.open().all().stream().noneMatch(i -> i.content().isBusy())) {
        for (OpenInode inode : state.open().all()) {
          inode.content().sync();
        }
        commitLocked(false);
        marked = false;
      } else if (orphans.isDeleted() || journal.isCarriedOut()) {
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
      return action.run(log.log());
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
      failure.check();
      // The new file's only commit is then one step from the published one.
      recording = true;
      commitLocked(true);
      try (Rewriter rewriter = rewriting.rewrite(log.log())) {
        if (rewriter.log().header().isSealed()) {
          switchTo(rewriter, rewriting);
          log.publishMoved();
        } else {
          rewriter.keep();
          log.publish(rewriter.log().head());
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
      log.moveTo(rewriter.log());
      state.namespace().lock();
      try {
        state.moveTo(rewriter.log().tree());
      } finally {
        state.namespace().unlock();
      }
    } catch (Throwable e) {
      // Which of the two files has the name is not known for sure.
      failure.is(e);
      if (rewriter.isInstalled() && log.log() != rewriter.log()) {
        new Resources(List.of(rewriter.log())).closeAfter(e);
      }
      throw e;
    }
  }

  /** The file at the moment. */
  MetadataLog log() {
    lock.lock();
    try {
      return log.log();
    } finally {
      lock.unlock();
    }
  }

  /** Closes the file, when nobody commits any more. */
  void closeLog() throws IOException {
    lock.lock();
    try {
      log.close();
    } finally {
      lock.unlock();
    }
  }
}
