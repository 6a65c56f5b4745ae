package io.fspf.internal.tree;

import io.fspf.RootTag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One commit of a log, verified. Immutable.
 *
 * @param generation 1 for the first of a volume, then one more each time
 * @param time by the writer's clock; nothing depends on it
 * @param tag the root tag
 * @param previousTag that of the commit before, or null for the first of a volume
 * @param offset of the commit's frame in the file
 * @param length of the frame
 * @param fields what the room above put in
 * @param liveNodeBytes the length of the nodes that the root reaches
 * @param root of the tree, or null for an empty one
 * @param previousOffset where the commit before stands in this file, or 0 for the file's first
 * @param previousLength of that frame
 */
public record CommitInfo(
    long generation,
    Instant time,
    RootTag tag,
    @Nullable RootTag previousTag,
    long offset,
    int length,
    CommitFields fields,
    long liveNodeBytes,
    @Nullable NodePointer root,
    long previousOffset,
    int previousLength) {
  /** Whether no commit stands before it in its file. */
  public boolean isFirstOfFile() {
    return previousOffset == 0;
  }

  /** The offset of the first byte after the commit. */
  public long end() {
    return offset + length;
  }
}
