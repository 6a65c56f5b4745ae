package io.fspf.internal.tree;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a tree's records in ascending order of their keys.
 *
 * <p>Starts before a record: {@code while (cursor.next()) use(cursor.key(), cursor.value())}. Holds
 * one path of nodes. Not thread-safe. After an exception it is on no record, and {@link #next}
 * tries again.
 */
public final class Cursor {
  /** An inner node, the child that is being visited, and the bounds of the node. */
  private static final class Step {
    final InnerNode node;
    final byte[] low;
    final byte @Nullable [] high;
    int child;

    Step(InnerNode node, int child, byte[] low, byte @Nullable [] high) {
      this.node = node;
      this.child = child;
      this.low = low;
      this.high = high;
    }
  }

  private final Tree tree;
  private final Deque<Step> path = new ArrayDeque<>();

  /** Where to go down from the root, unless positioned. */
  private byte[] from;

  private boolean positioned;
  private @Nullable LeafNode leaf;
  private int at;

  Cursor(Tree tree, byte[] from) {
    this.tree = tree;
    this.from = from;
  }

  /**
   * Steps to the next record.
   *
   * @return false if there is none
   * @throws io.fspf.IntegrityException if a node on the way is not what was written
   */
  public boolean next() throws IOException {
    if (positioned) {
      at++;
    } else {
      NodeRef root = tree.root();
      path.clear();
      if (root != null) {
        descend(root, Keys.SMALLEST, null);
      }
      positioned = true;
    }
    while (leaf != null && at >= leaf.keys.length) {
      nextLeaf();
    }
    return leaf != null;
  }

  /** Down to the leaf where {@code from} belongs. */
  private void descend(NodeRef start, byte[] startLow, byte @Nullable [] startHigh)
      throws IOException {
    NodeRef ref = start;
    byte[] low = startLow;
    byte[] high = startHigh;
    while (true) {
      TreeNode node = tree.store().load(ref, low, high);
      if (node instanceof LeafNode found) {
        int index = Keys.search(found.keys, from);
        leaf = found;
        at = index >= 0 ? index : -1 - index;
        return;
      }
      InnerNode inner = (InnerNode) node;
      int child = inner.childOf(from);
      path.push(new Step(inner, child, low, high));
      low = inner.low(child, low);
      high = inner.high(child, high);
      ref = inner.children[child];
    }
  }

  private void nextLeaf() throws IOException {
    leaf = null;
    while (!path.isEmpty() && path.element().child == path.element().node.keys.length) {
      path.pop();
    }
    if (path.isEmpty()) {
      return;
    }
    Step step = path.element();
    from = step.node.keys[step.child];
    positioned = false;
    step.child++;
    descend(
        step.node.children[step.child],
        step.node.low(step.child, step.low),
        step.node.high(step.child, step.high));
    positioned = true;
  }

  /** A copy of the key of the record that the cursor is on. */
  public byte[] key() {
    return current().keys[at].clone();
  }

  /** A copy of the record that the cursor is on. */
  public byte[] value() {
    return current().values[at].clone();
  }

  private LeafNode current() {
    LeafNode on = leaf;
    if (on == null || at >= on.keys.length) {
      throw new IllegalStateException("The cursor is on no record");
    }
    return on;
  }
}
