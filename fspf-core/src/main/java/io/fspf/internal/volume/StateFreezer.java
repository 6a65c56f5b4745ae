package io.fspf.internal.volume;

import io.fspf.internal.file.FileContent;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.Tree;
import io.fspf.internal.tree.TreeEdits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Fixes the state that a commit is to make durable, with everything else held up for a moment, and
 * counts the periods between two such moments.
 *
 * <p>{@link #freeze} is guarded by the committer's lock, and takes the working state's exclusive
 * and namespace locks; the counters are for any thread.
 */
final class StateFreezer {
  /**
   * A state that is fixed, but not yet durable.
   *
   * @param files what must be durable before the commit is, to be closed
   * @param number counts the states that were fixed
   * @param epoch the period that ended with it
   */
  record Frozen(
      Tree tree,
      CommitFields fields,
      List<FileContent.HostFileToSync> files,
      long number,
      long epoch) {}

  private final WorkingState state;
  private final HostJournal journal;
  private final Orphans orphans;
  private final ContentRecorder contents;
  private final VolumeFailure failure;
  private volatile long frozen;
  private volatile long epoch;

  StateFreezer(
      WorkingState state,
      HostJournal journal,
      Orphans orphans,
      ContentRecorder contents,
      VolumeFailure failure) {
    this.state = state;
    this.journal = journal;
    this.orphans = orphans;
    this.contents = contents;
    this.failure = failure;
  }

  /** The number of the last state that was fixed. */
  long frozen() {
    return frozen;
  }

  /** The period between two commits to which changes made now belong. */
  long epoch() {
    return epoch;
  }

  /**
   * Fixes the present state. Where that fails before anything was fixed, all is as it was.
   *
   * @param open whether the commit is to say that a writer is at work
   * @param recording whether the working state keeps all changes of the tree from now on
   */
  Frozen freeze(boolean open, boolean recording) throws IOException {
    state.exclusive().lock();
    state.namespace().lock();
    try {
      List<OpenInode> changed = prepare();
      var files = new ArrayList<FileContent.HostFileToSync>();
      try {
        return fix(changed, files, open, recording);
      } catch (Throwable e) {
        failure.is(e);
        new Resources(files).closeAfter(e);
        throw e;
      }
    } finally {
      state.namespace().unlock();
      state.exclusive().unlock();
    }
  }

  private List<OpenInode> prepare() throws IOException {
    List<OpenInode> changed = new ArrayList<>();
    for (OpenInode inode : state.open().all()) {
      if (inode.isChanged() && !inode.isUnlinked()) {
        inode.content().prepare();
        changed.add(inode);
      }
    }
    return changed;
  }

  private Frozen fix(
      List<OpenInode> changed,
      List<FileContent.HostFileToSync> files,
      boolean open,
      boolean recording)
      throws IOException {
    var edits = new TreeEdits();
    for (OpenInode inode : changed) {
      contents.record(inode, edits, files);
    }
    orphans.freeze(edits, epoch);
    journal.freeze(edits);
    long number = frozen + 1;
    frozen = number;
    state.apply(edits);
    changed.forEach(OpenInode::recorded);
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
    long ended = epoch;
    epoch = ended + 1;
    return new Frozen(state.tree(), fields, files, number, ended);
  }
}
