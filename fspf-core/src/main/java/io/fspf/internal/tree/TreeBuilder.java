package io.fspf.internal.tree;

import com.google.common.base.Preconditions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a tree from records in ascending order: full nodes, each appended as soon as it is full,
 * so that memory holds one node to a level. For one use, by one thread; others may commit
 * meanwhile.
 */
public final class TreeBuilder {
  /** The entries of the node that is being filled on a level above the leaves. */
  private static final class Level {
    final List<byte[]> lows = new ArrayList<>();
    final List<NodePointer> children = new ArrayList<>();
    int size = TreeNode.innerOverhead();
  }

  private final MetadataLog log;
  private final NodeStore store;
  private final List<byte[]> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private final List<Level> levels = new ArrayList<>();
  private int leafSize = TreeNode.leafOverhead();
  private byte[] leafLow = Keys.SMALLEST;
  private byte @Nullable [] last;
  private long live;
  private boolean finished;

  TreeBuilder(MetadataLog log, NodeStore store) {
    this.log = log;
    this.store = store;
  }

  /**
   * Adds a record. Key and value are copied.
   *
   * @param key at most 512 bytes, greater than the one before
   * @param value at most 262144 bytes
   */
  public void add(byte[] key, byte[] value) throws IOException {
    Preconditions.checkState(!finished, "The tree is finished");
    if (key.length > Format.MAX_KEY || value.length > Format.MAX_VALUE) {
      throw new IllegalArgumentException("A key or value is too long");
    }
    byte[] before = last;
    if (before != null && Arrays.compareUnsigned(before, key) >= 0) {
      throw new IllegalArgumentException("The keys do not ascend");
    }
    int cost = LeafNode.cost(key, value);
    if (before != null && leafSize + cost > store.nodeTarget()) {
      endLeaf();
      leafLow = Keys.separator(before, key);
    }
    last = key.clone();
    keys.add(last);
    values.add(value.clone());
    leafSize += cost;
  }

  private void endLeaf() throws IOException {
    LeafNode leaf = new LeafNode(keys.toArray(new byte[0][]), values.toArray(new byte[0][]), 0);
    keys.clear();
    values.clear();
    leafSize = TreeNode.leafOverhead();
    addChild(1, leafLow, appended(leaf, List.of()));
  }

  private void addChild(int level, byte[] low, NodePointer child) throws IOException {
    if (level > Format.MAX_LEVEL) {
      throw new IllegalStateException("The tree is too deep");
    }
    if (levels.size() < level) {
      levels.add(new Level());
    }
    Level parent = levels.get(level - 1);
    int cost = InnerNode.cost(low);
    if (parent.children.size() >= 2 && parent.size + cost > store.nodeTarget()) {
      endInner(level);
    }
    parent.lows.add(low);
    parent.children.add(child);
    parent.size += cost;
  }

  private void endInner(int level) throws IOException {
    Level full = levels.get(level - 1);
    List<NodePointer> children = List.copyOf(full.children);
    NodeRef[] refs = new NodeRef[children.size()];
    Arrays.setAll(refs, i -> NodeRef.to(children.get(i), level - 1, Long.MAX_VALUE));
    byte[][] between = full.lows.subList(1, refs.length).toArray(new byte[0][]);
    byte[] low = full.lows.get(0);
    full.lows.clear();
    full.children.clear();
    full.size = TreeNode.innerOverhead();
    addChild(level + 1, low, appended(new InnerNode(level, between, refs, 0), children));
  }

  private NodePointer appended(TreeNode node, List<NodePointer> children) throws IOException {
    NodePointer pointer = log.appendBuilt(node, children);
    live += pointer.length();
    return pointer;
  }

  /** The tree of all records that were added, all of it written. Without a commit it is garbage. */
  public Tree finish() throws IOException {
    Preconditions.checkState(!finished, "The tree is finished");
    finished = true;
    if (last == null) {
      return log.empty();
    }
    endLeaf();
    int level = 1;
    while (level < levels.size() || levels.get(level - 1).children.size() > 1) {
      endInner(level);
      level++;
    }
    log.flush();
    NodePointer root = levels.get(level - 1).children.get(0);
    return new Tree(store, NodeRef.to(root, level - 1, Long.MAX_VALUE), live, 0);
  }
}
