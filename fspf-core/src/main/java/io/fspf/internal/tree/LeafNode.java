package io.fspf.internal.tree;

/** A leaf: records in ascending order of their keys. */
final class LeafNode extends TreeNode {
  final byte[][] values;

  LeafNode(byte[][] keys, byte[][] values, long generation) {
    this(keys, values, generation, size(keys, values));
  }

  /** Where the encoded length is known. */
  LeafNode(byte[][] keys, byte[][] values, long generation, int bodySize) {
    super(keys, generation, bodySize);
    this.values = values;
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
    return new LeafNode(keys, values, inGeneration, bodySize);
  }

  @Override
  int weight() {
    return bodySize + 2 * OBJECT * keys.length;
  }
}
