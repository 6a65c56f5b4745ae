package io.fspf.internal.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends the nodes of trees that are still in memory only, children before their parents, and puts
 * what was appended in their place once it can be had from the file.
 *
 * <p>Guarded by the log's lock.
 */
final class NodeWriter {
  private final Appender appender;
  private final NodeStore store;

  /** What was appended and is not {@linkplain #publish published}. */
  private final List<Written> written = new ArrayList<>();

  NodeWriter(Appender appender, NodeStore store) {
    this.appender = appender;
    this.store = store;
  }

  /** A node that was appended, and is to be had from the file once that is written. */
  private record Written(NodeRef ref, NodePointer pointer, TreeNode node) {}

  /**
   * Appends all nodes of a tree that are not written yet.
   *
   * @param generation of the commit to come
   * @param head the commit before it, or null
   * @return the root's place; null for an empty tree
   */
  @Nullable NodePointer write(Tree tree, long generation, @Nullable CommitInfo head)
      throws IOException {
    // What an attempt that failed has left is in a log that appends nothing any more.
    written.clear();
    NodeRef root = tree.root();
    return root == null ? null : write(root, generation, head);
  }

  private NodePointer write(NodeRef ref, long generation, @Nullable CommitInfo head)
      throws IOException {
    Object place = ref.place();
    if (place instanceof NodePointer pointer) {
      return pointer;
    }
    TreeNode node = (TreeNode) place;
    List<NodePointer> children = List.of();
    if (node instanceof InnerNode inner) {
      children = new ArrayList<>(inner.children.length);
      for (NodeRef child : inner.children) {
        children.add(write(child, generation, head));
      }
    }
    NodePointer pointer = append(node, children, generation, head);
    written.add(new Written(ref, pointer, node.written(generation)));
    return pointer;
  }

  /** Appends one node whose children were written. */
  NodePointer append(
      TreeNode node, List<NodePointer> children, long generation, @Nullable CommitInfo head)
      throws IOException {
    long offset = appender.end();
    if (head != null && offset - head.offset() > Format.MAX_UNCOMMITTED) {
      // After a crash now, the commit would stand further from the end than readers look.
      throw new IOException("One commit would take more than 8 GiB of metadata; commit more often");
    }
    byte[] frame = store.codec().encode(node, children, generation, offset);
    appender.append(frame);
    return new NodePointer(offset, frame.length, store.digest(frame));
  }

  /** The nodes of the last {@link #write} can be had from the file: memory lets go of them. */
  void publish() {
    for (Written node : written) {
      // First into the cache, so that a reader that sees the pointer finds the node there.
      store.cache(node.pointer(), node.node());
      node.ref().written(node.pointer());
    }
    written.clear();
  }
}
