package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets changes into a volume: none that is read only, has failed or is being closed, and before the
 * first one the last commit says that a writer is at work.
 *
 * <p>Thread-safe. Whoever enters may have to take the committer's lock, and holds the working
 * state's shared lock from then on until he leaves; so nobody enters with a lock that comes later
 * in the order.
 */
final class ChangeGate {
  private final AbstractView volume;
  private final boolean writable;
  private final WorkingState state;
  private final Committer committer;
  private final Background background;
  private final AtomicBoolean closing = new AtomicBoolean();

  ChangeGate(
      AbstractView volume,
      boolean writable,
      WorkingState state,
      Committer committer,
      Background background) {
    this.volume = volume;
    this.writable = writable;
    this.state = state;
    this.committer = committer;
    this.background = background;
  }

  /** Whether the volume was opened for writing. */
  boolean isWritable() {
    return writable;
  }

  /** Refuses who cannot change anything, and makes ready for who can. */
  void prepare() throws IOException {
    volume.checkOpen();
    if (!writable) {
      throw new ReadOnlyFileSystemException();
    }
    committer.markOpen();
  }

  /**
   * Takes the shared lock, which whoever closes the volume waits for; to be {@link #leave left}.
   */
  void enter() throws IOException {
    prepare();
    state.shared().lock();
    if (closing.get()) {
      state.shared().unlock();
      throw new ClosedFileSystemException();
    }
  }

  /** The change that was let in has ended. */
  void leave() {
    state.shared().unlock();
  }

  /** Something changed that is to be committed in time. */
  void changed() {
    background.changed();
  }

  /** Runs a change; violations that were found without knowing the path get it. */
  void change(VolumePath path, Committer.Change change) throws IOException {
    enter();
    try {
      change.run();
    } catch (IntegrityException e) {
      throw AbstractView.located(path, e);
    } finally {
      leave();
    }
    changed();
  }

  /** The same, where the host's side of the change cannot be carried out with that of others. */
  void changeAlone(VolumePath path, Committer.Change change) throws IOException {
    prepare();
    committer.alone(() -> change(path, change));
  }

  /**
   * Lets nobody in any more, and returns when all have left. Not amid a move between regions, which
   * would be half done.
   *
   * @return false if it was closed before
   */
  boolean close() throws IOException {
    if (!committer.exclusively(log -> closing.compareAndSet(false, true))) {
      return false;
    }
    background.close();
    state.awaitChanges();
    return true;
  }
}
