package io.fspf.internal.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies one batch of edits to a tree, in one pass, copying the nodes on the paths that change.
 *
 * <p>A node that grows above the target is split: into full nodes where everything new came behind
 * everything old, so that ascending insertion leaves full nodes, and into equal ones otherwise. A
 * node that shrinks below a quarter of the target is joined with a neighbour. For one use, by one
 * thread.
 */
final class TreeEditor {
  /** A child on its way into its parent. */
  private static final class Child {
    /** The smallest key that may stand below it. */
    final byte[] low;

    final NodeRef ref;

    /** Whether it shrank so far that a neighbour should take it. */
    final boolean underfull;

    Child(byte[] low, NodeRef ref, boolean underfull) {
      this.low = low;
      this.ref = ref;
      this.underfull = underfull;
    }
  }

  /** What takes the place of an inner node's child. */
  private record Replacement(int index, List<Child> by) {}

  private final Tree tree;
  private final NodeStore store;
  private long live;
  private long unwritten;

  TreeEditor(Tree tree) {
    this.tree = tree;
    this.store = tree.store();
    this.live = tree.liveNodeBytes();
    this.unwritten = tree.unwrittenBytes();
  }

  Tree apply(TreeEdits edits) throws IOException {
    EditBatch batch = new EditBatch(edits);
    NodeRef root = tree.root();
    List<Child> top;
    if (root == null) {
      top =
          editLeaf(
              null,
              new LeafNode(new byte[0][], new byte[0][], 0),
              Keys.SMALLEST,
              batch,
              0,
              batch.size());
    } else {
      top = edit(root, Keys.SMALLEST, null, batch, 0, batch.size());
      if (top.size() == 1 && top.get(0).ref == root) {
        return tree;
      }
    }
    while (top.size() > 1) {
      top = divideInner(top, top.get(0).ref.level + 1, false);
    }
    NodeRef newRoot = top.isEmpty() ? null : collapse(top.get(0).ref);
    return new Tree(store, newRoot, Math.max(live, 0), Math.max(unwritten, 0));
  }

  /** Takes away roots with a single child. */
  private NodeRef collapse(NodeRef root) throws IOException {
    NodeRef ref = root;
    while (store.load(ref, Keys.SMALLEST, null) instanceof InnerNode inner
        && inner.children.length == 1) {
      retire(ref);
      ref = inner.children[0];
    }
    return ref;
  }

  /** What takes the place of a node: itself if nothing changed, nothing if all is removed. */
  private List<Child> edit(
      NodeRef ref, byte[] low, byte @Nullable [] high, EditBatch batch, int from, int to)
      throws IOException {
    TreeNode node = store.load(ref, low, high);
    return node instanceof InnerNode inner
        ? editInner(ref, inner, low, high, batch, from, to)
        : editLeaf(ref, (LeafNode) node, low, batch, from, to);
  }

  private List<Child> editLeaf(
      @Nullable NodeRef ref, LeafNode leaf, byte[] low, EditBatch batch, int from, int to) {
    LeafRecords records = LeafRecords.edited(leaf, batch, from, to);
    if (ref != null) {
      if (!records.isChanged()) {
        return List.of(new Child(low, ref, false));
      }
      retire(ref);
    }
    return divideLeaf(records, low, records.isAppended(), leaf.bodySize);
  }

  private List<Child> editInner(
      NodeRef ref,
      InnerNode node,
      byte[] low,
      byte @Nullable [] high,
      EditBatch batch,
      int from,
      int to)
      throws IOException {
    List<Replacement> replacements = new ArrayList<>();
    boolean inPlace = true;
    int next = from;
    while (next < to) {
      int i = node.childOf(batch.keys[next]);
      NodeRef child = node.children[i];
      byte[] childHigh = node.high(i, high);
      int end = batch.until(next, to, childHigh);
      List<Child> edited = edit(child, node.low(i, low), childHigh, batch, next, end);
      if (edited.size() != 1 || edited.get(0).ref != child) {
        replacements.add(new Replacement(i, edited));
        inPlace &= edited.size() == 1 && !edited.get(0).underfull;
      }
      next = end;
    }
    if (replacements.isEmpty()) {
      return List.of(new Child(low, ref, false));
    }
    retire(ref);
    if (inPlace) {
      NodeRef[] children = node.children.clone();
      for (Replacement replacement : replacements) {
        children[replacement.index] = replacement.by.get(0).ref;
      }
      return List.of(new Child(low, made(node.withChildren(children)), false));
    }
    return divideReplaced(node, low, high, replacements);
  }

  /** An inner node's children with others in the place of some of them, in new nodes. */
  private List<Child> divideReplaced(
      InnerNode node, byte[] low, byte @Nullable [] high, List<Replacement> replacements)
      throws IOException {
    List<Child> children = new ArrayList<>(node.children.length + 8);
    int grown = 0;
    boolean grewLast = false;
    int kept = 0;
    for (Replacement replacement : replacements) {
      addChildren(node, low, kept, replacement.index, children);
      children.addAll(replacement.by);
      kept = replacement.index + 1;
      if (replacement.by.size() > 1) {
        grown++;
        grewLast = kept == node.children.length;
      }
    }
    addChildren(node, low, kept, node.children.length, children);
    if (children.isEmpty()) {
      return children;
    }
    // What remains first takes over the room of those before it.
    Child first = children.get(0);
    children.set(0, new Child(low, first.ref, first.underfull));
    join(children, high);
    List<Child> divided = divideInner(children, node.level(), grewLast && grown == 1);
    return markUnderfull(divided, node.bodySize);
  }

  /** Joins each underfull child with a neighbour, where that helps. */
  private void join(List<Child> children, byte @Nullable [] high) throws IOException {
    int i = 0;
    while (i < children.size()) {
      int partner = children.get(i).underfull ? partner(children, i) : -1;
      if (partner < 0) {
        i++;
        continue;
      }
      int left = Math.min(i, partner);
      byte[] end = left + 2 < children.size() ? children.get(left + 2).low : high;
      List<Child> joined = join(children.get(left), children.get(left + 1), end);
      List<Child> pair = children.subList(left, left + 2);
      pair.clear();
      pair.addAll(joined);
      i = joined.size() == 1 ? left : left + joined.size();
    }
  }

  /**
   * The better neighbour: one that is rewritten anyway before one that is not, then the smaller.
   */
  private int partner(List<Child> children, int i) {
    int best = -1;
    for (int j = i - 1; j <= i + 1; j += 2) {
      // A node that one great record fills has nothing to give.
      if (j < 0 || j >= children.size() || children.get(j).ref.length > store.nodeTarget() + 64) {
        continue;
      }
      if (best < 0 || better(children.get(j).ref, children.get(best).ref)) {
        best = j;
      }
    }
    return best;
  }

  private static boolean better(NodeRef one, NodeRef other) {
    return one.isWritten() == other.isWritten() ? one.length < other.length : other.isWritten();
  }

  private List<Child> join(Child left, Child right, byte @Nullable [] high) throws IOException {
    byte[] middle = right.low;
    TreeNode one = store.load(left.ref, left.low, middle);
    TreeNode two = store.load(right.ref, middle, high);
    retire(left.ref);
    retire(right.ref);
    List<Child> joined;
    if (one instanceof LeafNode leaf) {
      joined = divideLeaf(LeafRecords.joined(leaf, (LeafNode) two), left.low, false, 0);
    } else {
      List<Child> children = new ArrayList<>();
      addChildren((InnerNode) one, left.low, 0, ((InnerNode) one).children.length, children);
      addChildren((InnerNode) two, middle, 0, ((InnerNode) two).children.length, children);
      joined = divideInner(children, one.level(), false);
    }
    return joined.size() == 1 ? markUnderfull(joined, Integer.MAX_VALUE) : joined;
  }

  private static void addChildren(InnerNode node, byte[] low, int from, int to, List<Child> into) {
    for (int i = from; i < to; i++) {
      into.add(new Child(node.low(i, low), node.children[i], false));
    }
  }

  private List<Child> divideLeaf(LeafRecords records, byte[] low, boolean full, int oldSize) {
    List<Child> leaves = new ArrayList<>(1);
    if (records.isEmpty()) {
      return leaves;
    }
    if (records.bodySize() <= store.nodeTarget()) {
      leaves.add(new Child(low, made(records.leaf()), false));
    } else {
      int room = store.nodeTarget() - TreeNode.leafOverhead();
      int from = 0;
      for (int to : Chunks.divide(records.costs(), room, 1, full)) {
        byte[] leafLow = from == 0 ? low : Keys.separator(records.key(from - 1), records.key(from));
        leaves.add(new Child(leafLow, made(records.leaf(from, to)), false));
        from = to;
      }
    }
    return markUnderfull(leaves, oldSize);
  }

  private List<Child> divideInner(List<Child> children, int level, boolean full) {
    if (level > Format.MAX_LEVEL) {
      throw new IllegalStateException("The tree is too deep");
    }
    int[] costs = new int[children.size()];
    for (int i = 0; i < costs.length; i++) {
      costs[i] = InnerNode.cost(children.get(i).low);
    }
    List<Child> nodes = new ArrayList<>(1);
    int room = store.nodeTarget() - TreeNode.innerOverhead();
    int from = 0;
    for (int to : Chunks.divide(costs, room, 2, full)) {
      nodes.add(innerOf(children.subList(from, to), level));
      from = to;
    }
    return nodes;
  }

  private Child innerOf(List<Child> children, int level) {
    byte[][] keys = new byte[children.size() - 1][];
    NodeRef[] refs = new NodeRef[children.size()];
    for (int i = 0; i < refs.length; i++) {
      Child child = children.get(i);
      refs[i] = child.ref;
      if (i > 0) {
        keys[i - 1] = child.low;
      }
    }
    NodeRef ref = made(new InnerNode(level, keys, refs, 0));
    return new Child(children.get(0).low, ref, false);
  }

  /**
   * Marks what took a node's place as underfull, if it is one small node, smaller than the former.
   */
  private List<Child> markUnderfull(List<Child> children, int oldSize) {
    if (children.size() == 1) {
      Child only = children.get(0);
      if (only.ref.place() instanceof TreeNode node
          && node.bodySize < store.nodeTarget() / 4
          && node.bodySize < oldSize) {
        children.set(0, new Child(only.low, only.ref, true));
      }
    }
    return children;
  }

  private NodeRef made(TreeNode node) {
    NodeRef ref = store.unwritten(node);
    live += ref.length;
    unwritten += ref.length;
    return ref;
  }

  private void retire(NodeRef ref) {
    live -= ref.length;
    if (!ref.isWritten()) {
      unwritten -= ref.length;
    }
  }
}
