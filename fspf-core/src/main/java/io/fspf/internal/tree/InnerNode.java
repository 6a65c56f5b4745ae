package io.fspf.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * An inner node: children, and between each two of them the smallest key that belongs to the right.
 */
final class InnerNode extends TreeNode {
  /** The encoded length of a child: offset, length and digest are of fixed width. */
  private static final int CHILD = 2 + (1 + Long.BYTES) + (1 + Integer.BYTES) + (2 + Format.DIGEST);

  private final int level;
  final NodeRef[] children;

  InnerNode(int level, byte[][] keys, NodeRef[] children, long generation) {
    this(level, keys, children, generation, size(keys, children));
  }

  /** Where the encoded length is known. */
  private InnerNode(int level, byte[][] keys, NodeRef[] children, long generation, int bodySize) {
    super(keys, generation, bodySize);
    this.level = level;
    this.children = children;
  }

  private static int size(byte[][] keys, NodeRef[] children) {
    int size = innerOverhead() + CHILD * children.length;
    for (byte[] key : keys) {
      size += fieldSize(key.length);
    }
    return size;
  }

  /** The encoded length of a child and the key before it. */
  static int cost(byte[] key) {
    return CHILD + fieldSize(key.length);
  }

  /** The index of the child below which the key stands. */
  int childOf(byte[] key) {
    int at = Keys.search(keys, key);
    return at >= 0 ? at + 1 : -1 - at;
  }

  /** The smallest key that may stand below a child, where that is not this node's own. */
  byte[] low(int child, byte[] own) {
    return child == 0 ? own : keys[child - 1];
  }

  /** The smallest key that stands beyond a child, where that is not this node's own. */
  byte @Nullable [] high(int child, byte @Nullable [] own) {
    return child == keys.length ? own : keys[child];
  }

  /** The same with other nodes in the children's places, not written yet. */
  InnerNode withChildren(NodeRef[] others) {
    return new InnerNode(level, keys, others, 0, bodySize);
  }

  @Override
  int level() {
    return level;
  }

  @Override
  InnerNode written(long inGeneration) {
    return new InnerNode(level, keys, children, inGeneration, bodySize);
  }

  @Override
  int weight() {
    return bodySize + OBJECT * keys.length + 7 * OBJECT * children.length;
  }
}
