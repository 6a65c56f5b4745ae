package io.fspf.internal.tree;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of an ordered map from keys to records: a persistent B+tree.
 *
 * <p>Immutable and thread-safe; reading takes no locks. {@link #apply} makes a new tree that shares
 * all untouched nodes with this one. Nodes that are not written yet are in memory; written ones
 * come from the log's cache or from the file, and are verified then. A tree belongs to its log, and
 * to no other.
 */
public final class Tree {
  private final NodeStore store;
  private final @Nullable NodeRef root;
  private final long liveNodeBytes;
  private final long unwrittenBytes;

  Tree(NodeStore store, @Nullable NodeRef root, long liveNodeBytes, long unwrittenBytes) {
    this.store = store;
    this.root = root;
    this.liveNodeBytes = liveNodeBytes;
    this.unwrittenBytes = unwrittenBytes;
  }

  NodeStore store() {
    return store;
  }

  @Nullable NodeRef root() {
    return root;
  }

  /** The same tree, all of it written. */
  Tree written() {
    return new Tree(store, root, liveNodeBytes, 0);
  }

  /** Whether there are no records. */
  public boolean isEmpty() {
    return root == null;
  }

  /**
   * The length in the file, in bytes, of the nodes that this tree consists of, written or not.
   *
   * <p>Exact, and without a walk: as offsets, lengths and generations are of fixed width, the
   * length of a node is known when it is made, and each edit adds what it makes and subtracts what
   * it replaces. For the tree of a commit that was read from a file, the commit's word is where
   * counting starts; {@link TreeCheck} checks it.
   */
  public long liveNodeBytes() {
    return liveNodeBytes;
  }

  /**
   * The length of the nodes that are in memory because they are not written yet, in bytes. An upper
   * bound: what a commit of an older tree that shares nodes has written meanwhile still counts,
   * until {@link MetadataLog#spill}.
   */
  public long unwrittenBytes() {
    return unwrittenBytes;
  }

  /**
   * A copy of the record of a key, or null where there is none.
   *
   * @throws io.fspf.IntegrityException if a node on the way is not what was written
   */
  public byte @Nullable [] get(byte[] key) throws IOException {
    NodeRef ref = root;
    if (ref == null) {
      return null;
    }
    byte[] low = Keys.SMALLEST;
    byte[] high = null;
    while (true) {
      TreeNode node = store.load(ref, low, high);
      if (node instanceof InnerNode inner) {
        int child = inner.childOf(key);
        low = inner.low(child, low);
        high = inner.high(child, high);
        ref = inner.children[child];
      } else {
        LeafNode leaf = (LeafNode) node;
        int at = Keys.search(leaf.keys, key);
        return at < 0 ? null : leaf.values[at].clone();
      }
    }
  }

  /** A cursor before the first record whose key is {@code from} or greater. Nothing is read yet. */
  public Cursor cursor(byte[] from) {
    return new Cursor(this, from.clone());
  }

  /**
   * The tree with these changes. Takes time and memory in proportion to the nodes that they touch.
   *
   * @throws io.fspf.IntegrityException if a node on the way is not what was written
   */
  public Tree apply(TreeEdits edits) throws IOException {
    return edits.isEmpty() ? this : new TreeEditor(this).apply(edits);
  }
}
