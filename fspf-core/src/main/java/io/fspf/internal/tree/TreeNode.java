package io.fspf.internal.tree;

import com.google.protobuf.CodedOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A node in memory. Immutable; its arrays are shared between versions and never changed. */
abstract sealed class TreeNode permits LeafNode, InnerNode {
  /** What a body holds besides entries: volume id, generation, and the level of an inner node. */
  private static final int LEAF_OVERHEAD = 2 + Format.VOLUME_ID + 1 + Long.BYTES;

  private static final int INNER_OVERHEAD = LEAF_OVERHEAD + 2;

  /** What an object of the decoded form costs, roughly, besides the bytes in it. */
  static final int OBJECT = 24;

  /** The keys of the records, or those between the children. */
  final byte[][] keys;

  /** Of the node as stored; 0 for one that has not been written yet. */
  final long generation;

  /** The exact length of the encoded NodeBody. */
  final int bodySize;

  TreeNode(byte[][] keys, long generation, int bodySize) {
    this.keys = keys;
    this.generation = generation;
    this.bodySize = bodySize;
  }

  /** 0 for a leaf. */
  abstract int level();

  /** The same node, written. */
  abstract TreeNode written(long inGeneration);

  /** Roughly the heap that it takes, in bytes. */
  abstract int weight();

  /** Whether all its keys are in {@code [low, high)}; an inner node's are also not {@code low}. */
  final boolean within(byte[] low, byte @Nullable [] high) {
    if (keys.length == 0) {
      return true;
    }
    int least = level() == 0 ? 0 : 1;
    return Arrays.compareUnsigned(keys[0], low) >= least
        && (high == null || Arrays.compareUnsigned(keys[keys.length - 1], high) < 0);
  }

  static int leafOverhead() {
    return LEAF_OVERHEAD;
  }

  static int innerOverhead() {
    return INNER_OVERHEAD;
  }

  /** The bytes that a {@code bytes} field with a one-byte tag takes. */
  static int fieldSize(int length) {
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(length) + length;
  }
}
