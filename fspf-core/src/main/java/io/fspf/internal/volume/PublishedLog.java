package io.fspf.internal.volume;

import io.fspf.FreshnessException;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.Tree;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The fspf file of an open volume together with the tag store: appends commits, and makes each
 * known before it counts.
 *
 * <p>Guarded by the committer's lock, but for {@link #head}, which anybody may ask for.
 */
final class PublishedLog implements Closeable {
  private final FreshnessGuard guard;
  private final VolumeFailure failure;
  private MetadataLog log;
  private volatile CommitInfo head;

  /** Whether the head is durable and the tag store may not know it. */
  private boolean unpublished;

  /**
   * The files that compactions left, and that readers of older states may need. The collector
   * closes those that nobody needs any more.
   */
  private final List<WeakReference<HostFile>> left = new ArrayList<>();

  PublishedLog(MetadataLog log, FreshnessGuard guard, VolumeFailure failure) {
    this.log = log;
    this.head = log.head();
    this.guard = guard;
    this.failure = failure;
  }

  MetadataLog log() {
    return log;
  }

  /** The newest commit. */
  CommitInfo head() {
    return head;
  }

  /** Whether the tag store may not know the head. */
  boolean isUnpublished() {
    return unpublished;
  }

  /** Appends a commit, and returns when it is durable and known. */
  void commit(Tree tree, CommitFields fields) throws IOException {
    try {
      head = log.commit(tree, fields);
      unpublished = true;
    } catch (Throwable e) {
      failure.is(e);
      throw e;
    }
    publish();
  }

  /** Makes the head known. If the store cannot be reached, the next commit does it. */
  private void publish() throws IOException {
    publish(head);
    unpublished = false;
  }

  /** Makes a commit known that is durable, and is the head or about to become it. */
  void publish(CommitInfo commit) throws IOException {
    try {
      guard.publish(commit);
    } catch (FreshnessException e) {
      failure.is(e);
      throw e;
    }
  }

  /** Goes on in another file, whose head follows from the present one. */
  void moveTo(MetadataLog other) {
    left.removeIf(reference -> reference.refersTo(null));
    left.add(new WeakReference<>(log.file()));
    log = other;
    head = other.head();
  }

  /** Makes the head of that file known, if nobody has done it before. */
  void publishMoved() throws IOException {
    unpublished = true;
    publish();
  }

  /** Closes all files. */
  @Override
  public void close() throws IOException {
    var files = new ArrayList<Closeable>();
    for (WeakReference<HostFile> reference : left) {
      HostFile file = reference.get();
      if (file != null) {
        files.add(file);
      }
    }
    files.add(log);
    new Resources(files).close();
  }
}
