package io.fspf.internal.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Records in ascending order, on their way into leaves. What stands between two edits is taken over
 * as a run, and the encoded length follows from what the edits add and take away, so that an edit
 * costs little however many records its leaf has. For one use, by one thread.
 */
final class LeafRecords {
  private byte[][] keys;
  private byte[][] values;
  private int count;

  /** The encoded length of one leaf that holds all of them. */
  private int bodySize;

  private boolean changed;
  private boolean inserted;
  private boolean onlyBehind = true;

  private LeafRecords(int capacity, int bodySize) {
    this.keys = new byte[capacity][];
    this.values = new byte[capacity][];
    this.bodySize = bodySize;
  }

  /** The records of a leaf after the edits {@code from} to {@code to - 1}. */
  static LeafRecords edited(LeafNode leaf, EditBatch batch, int from, int to) {
    var records = new LeafRecords(leaf.keys.length + to - from, leaf.bodySize);
    int next = 0;
    for (int i = from; i < to; i++) {
      int found = Keys.search(leaf.keys, batch.keys[i]);
      int at = found >= 0 ? found : -1 - found;
      records.takeOver(leaf, next, at);
      records.edit(batch.keys[i], found >= 0 ? leaf.values[at] : null, batch.values[i]);
      next = found >= 0 ? at + 1 : at;
    }
    records.takeOver(leaf, next, leaf.keys.length);
    records.trim();
    return records;
  }

  /** The records of two neighbours. */
  static LeafRecords joined(LeafNode left, LeafNode right) {
    var records =
        new LeafRecords(
            left.keys.length + right.keys.length,
            left.bodySize + right.bodySize - TreeNode.leafOverhead());
    records.takeOver(left, 0, left.keys.length);
    records.takeOver(right, 0, right.keys.length);
    return records;
  }

  private void takeOver(LeafNode leaf, int from, int to) {
    int length = to - from;
    onlyBehind &= !inserted || length == 0;
    System.arraycopy(leaf.keys, from, keys, count, length);
    System.arraycopy(leaf.values, from, values, count, length);
    count += length;
  }

  /** Null values stand for no record, before or after. */
  private void edit(byte[] key, byte @Nullable [] before, byte @Nullable [] after) {
    changed |= !Arrays.equals(before, after);
    if (before != null) {
      bodySize -= LeafNode.cost(key, before);
    }
    if (after != null) {
      onlyBehind &= !inserted || before == null;
      inserted |= before == null;
      bodySize += LeafNode.cost(key, after);
      keys[count] = key;
      values[count] = after;
      count++;
    }
  }

  private void trim() {
    if (count < keys.length) {
      keys = Arrays.copyOf(keys, count);
      values = Arrays.copyOf(values, count);
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Whether an edit made a difference. */
  boolean isChanged() {
    return changed;
  }

  /** Whether there are new records, and all of them behind all the old ones. */
  boolean isAppended() {
    return inserted && onlyBehind;
  }

  /** The encoded length of one leaf that holds all of them, in bytes. */
  int bodySize() {
    return bodySize;
  }

  byte[] key(int i) {
    return keys[i];
  }

  /** The encoded lengths of the records. */
  int[] costs() {
    int[] costs = new int[count];
    for (int i = 0; i < count; i++) {
      costs[i] = LeafNode.cost(keys[i], values[i]);
    }
    return costs;
  }

  /** One leaf that holds all of them. */
  LeafNode leaf() {
    return new LeafNode(keys, values, 0, bodySize);
  }

  /** A leaf that holds some of them. */
  LeafNode leaf(int from, int to) {
    return new LeafNode(
        Arrays.copyOfRange(keys, from, to), Arrays.copyOfRange(values, from, to), 0);
  }
}
