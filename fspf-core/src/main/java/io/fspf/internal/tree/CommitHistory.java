package io.fspf.internal.tree;

import io.fspf.IntegrityException;
import io.fspf.RootTag;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commits of one fspf file from one of them backwards, read as they are asked for, and each
 * verified by the tag that the later one names. Immutable and thread-safe; of use as long as its
 * log is open.
 */
public final class CommitHistory {
  /** Hears what is wrong in the history of a file. */
  public interface Visitor {
    /** The bytes {@code from} to {@code to - 1} are not those that were appended with a commit. */
    void damaged(long from, long to, String reason) throws IOException;
  }

  private final HostFile file;
  private final VolumeHeader header;
  private final CommitCodec commits;
  private final @Nullable CommitInfo newest;

  CommitHistory(
      HostFile file, VolumeHeader header, CommitCodec commits, @Nullable CommitInfo newest) {
    this.file = file;
    this.header = header;
    this.commits = commits;
    this.newest = newest;
  }

  /**
   * The newest commits, from the newest backwards.
   *
   * @param atMost how many
   * @throws IntegrityException if the chain of tags breaks
   */
  public List<CommitInfo> newest(int atMost) throws IOException {
    List<CommitInfo> found = new ArrayList<>();
    CommitInfo commit = newest;
    while (commit != null && found.size() < atMost) {
      found.add(commit);
      commit = before(commit);
    }
    return found;
  }

  /**
   * The commit before one of this file, or null if that one is this file's first.
   *
   * @throws IntegrityException if what stands there is not the commit that the later one names
   */
  public @Nullable CommitInfo before(CommitInfo commit) throws IOException {
    RootTag tag = commit.previousTag();
    if (commit.isFirstOfFile() || tag == null) {
      return null;
    }
    long offset = commit.previousOffset();
    byte[] frame = Frames.read(file, offset, commit.previousLength());
    if (!header.tagOf(frame).equals(tag)) {
      throw IntegrityException.inMetadata(
          offset, "the commit is not the one that the next one names");
    }
    CommitInfo info = commits.decode(frame, offset);
    if (info.generation() != commit.generation() - 1) {
      throw IntegrityException.inMetadata(
          offset, "the commit is not of the generation before the next");
    }
    return info;
  }

  /**
   * Checks all commits, and with each what was appended with it, needed today or not. Ends at the
   * first commit that cannot be read.
   */
  public void check(Visitor visitor) throws IOException {
    CommitInfo commit = newest;
    while (commit != null) {
      byte[] frame = Frames.read(file, commit.offset(), commit.length());
      if (!header.tagOf(frame).equals(commit.tag())) {
        visitor.damaged(commit.offset(), commit.end(), "the commit is not what was written");
      } else if (!HeadFinder.isWhole(file, commit.offset(), frame)) {
        visitor.damaged(
            commit.offset() - HeadFinder.tailLength(frame),
            commit.end(),
            "these bytes are not what was appended with the commit at offset " + commit.offset());
      }
      try {
        commit = before(commit);
      } catch (IntegrityException e) {
        long offset = commit.previousOffset();
        visitor.damaged(offset, offset + commit.previousLength(), e.reason());
        return;
      }
    }
  }
}
