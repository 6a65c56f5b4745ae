package io.fspf.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * A place in the tree: a node that is still in memory only, or a pointer to a written one. It
 * changes once, from the former to the latter, and the node's content stays the same; so one
 * volatile field is all the synchronisation that readers need. Writers change it under the log's
 * lock.
 */
final class NodeRef {
  /** For the root, whose level no parent says. */
  static final int ANY_LEVEL = -1;

  /** Of the node, or {@link #ANY_LEVEL}. */
  final int level;

  /** The highest generation that the node may have. */
  final long maxGeneration;

  /** The length of the node's frame, known before it is written. */
  final int length;

  private volatile Object place;

  private NodeRef(Object place, int level, long maxGeneration, int length) {
    this.place = place;
    this.level = level;
    this.maxGeneration = maxGeneration;
    this.length = length;
  }

  static NodeRef to(NodePointer pointer, int level, long maxGeneration) {
    return new NodeRef(pointer, level, maxGeneration, pointer.length());
  }

  static NodeRef to(TreeNode unwritten, int frameLength) {
    return new NodeRef(unwritten, unwritten.level(), Long.MAX_VALUE, frameLength);
  }

  /** A {@link TreeNode} or a {@link NodePointer}: one read, so that it is the one or the other. */
  Object place() {
    return place;
  }

  /** The pointer, or null where the node is not written yet. */
  @Nullable NodePointer pointer() {
    return place instanceof NodePointer pointer ? pointer : null;
  }

  boolean isWritten() {
    return place instanceof NodePointer;
  }

  /** The node was written there: from now on it is to be had from there. */
  void written(NodePointer pointer) {
    place = pointer;
  }
}
