package io.fspf.internal.tree;

/** A leaf: records in ascending order of their keys. */
final class LeafNode extends TreeNode {
  final byte[][] values;

  LeafNode(byte[][] keys, byte[][] values, long generation) {
    super(keys, generation, size(keys, values));
    this.values = values;
  }

  private LeafNode(LeafNode node, long generation) {
    super(node.keys, generation, node.bodySize);
    this.values = node.values;
  }

  private static int size(byte[][] keys, byte[][] values) {
    int size = leafOverhead();
    for (int i = 0; i < keys.length; i++) {
      size += cost(keys[i], values[i]);
    }
    return size;
  }

  /** The encoded length of a record. */
  static int cost(byte[] key, byte[] value) {
    return fieldSize(key.length) + fieldSize(value.length);
  }

  @Override
  int level() {
    return 0;
  }

  @Override
  LeafNode written(long inGeneration) {
    return new LeafNode(this, inGeneration);
  }

  @Override
  int weight() {
    return bodySize + 2 * OBJECT * keys.length;
  }
}
