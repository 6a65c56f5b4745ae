package io.fspf.internal.tree;

import io.fspf.IntegrityException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a whole tree from the file, without the cache, and goes on behind damage.
 *
 * <p>Ends soon also on hostile files: levels fall on the way down, and no more bytes are read than
 * the file holds, as all nodes of a sound tree stand side by side.
 */
public final class TreeCheck {
  /** Sees what the check comes across, in order of the keys. Exceptions end the check. */
  public interface Visitor {
    /** A written node that is what it should be; called before what is below it. */
    default void node(NodePointer pointer, int level) throws IOException {}

    /** A record. The arrays are copies. */
    default void record(byte[] key, byte[] value) throws IOException {}

    /**
     * A node that is not what was committed; all records with keys in {@code [low, high)} are lost.
     *
     * @param high null for no bound
     */
    default void damaged(
        NodePointer pointer, byte[] low, byte @Nullable [] high, IntegrityException violation)
        throws IOException {}
  }

  /**
   * The sums of a check.
   *
   * @param nodes sound ones
   * @param nodeBytes their length in the file
   * @param records in sound leaves
   * @param damagedNodes nodes that are not what was committed; those below them are not counted
   */
  public record Result(long nodes, long nodeBytes, long records, long damagedNodes) {
    /** Whether everything is what was committed. */
    public boolean isSound() {
      return damagedNodes == 0;
    }
  }

  private final NodeStore store;
  private final Visitor visitor;

  /** How many bytes more the nodes may take. */
  private long budget;

  private long nodes;

  private long nodeBytes;
  private long records;
  private long damagedNodes;

  private TreeCheck(NodeStore store, Visitor visitor) throws IOException {

    this.store = store;
    this.visitor = visitor;
    this.budget = store.fileSize();
  }

  /**
   * Walks over all nodes.
   *
   * @throws IOException the host's, or the visitor's; damage does not throw
   */
  public static Result verify(Tree tree, Visitor visitor) throws IOException {
    TreeCheck check = new TreeCheck(tree.store(), visitor);
    NodeRef root = tree.root();
    if (root != null) {
      check.walk(root, Keys.SMALLEST, null);
    }
    return new Result(check.nodes, check.nodeBytes, check.records, check.damagedNodes);
  }

  private void walk(NodeRef ref, byte[] low, byte @Nullable [] high) throws IOException {
    TreeNode node = load(ref, low, high);
    if (node == null) {
      return;
    }
    nodes++;
    nodeBytes += ref.length;
    if (node instanceof InnerNode inner) {
      for (int i = 0; i < inner.children.length; i++) {
        walk(inner.children[i], inner.low(i, low), inner.high(i, high));
      }
    } else {
      LeafNode leaf = (LeafNode) node;
      for (int i = 0; i < leaf.keys.length; i++) {
        visitor.record(leaf.keys[i].clone(), leaf.values[i].clone());
        records++;
      }
    }
  }

  private @Nullable TreeNode load(NodeRef ref, byte[] low, byte @Nullable [] high)
      throws IOException {
    if (ref.place() instanceof TreeNode node) {
      return node;
    }
    NodePointer pointer = (NodePointer) ref.place();
    TreeNode node;
    try {
      budget -= pointer.length();
      if (budget < 0) {
        throw IntegrityException.inMetadata(
            pointer.offset(), "the nodes would take more room than the file has");
      }
      node = store.reload(ref, pointer, low, high);

    } catch (IntegrityException e) {
      damagedNodes++;
      visitor.damaged(pointer, low.clone(), high == null ? null : high.clone(), e);
      return null;
    }
    visitor.node(pointer, node.level());
    return node;
  }
}
