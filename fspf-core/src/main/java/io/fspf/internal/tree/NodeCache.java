package io.fspf.internal.tree;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fspf.IntegrityException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Written nodes, decoded, bounded by the heap that they take.
 *
 * <p>A node is loaded by the first thread that misses it, outside of any lock; the others wait for
 * that one load. A failed load leaves nothing behind. Thread-safe.
 */
final class NodeCache {
  /** Reads and checks one node. */
  @FunctionalInterface
  interface Loader {
    TreeNode load(NodePointer pointer) throws IOException;
  }

  private final Cache<NodePointer, TreeNode> nodes;
  private final ConcurrentMap<NodePointer, CompletableFuture<TreeNode>> loads =
      new ConcurrentHashMap<>();
  private final Loader loader;

  NodeCache(long maxBytes, Loader loader) {
    this.nodes =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .<NodePointer, TreeNode>weigher((pointer, node) -> node.weight())
            // Housekeeping is short; a library starts no threads for it.
            .executor(Runnable::run)
            .build();
    this.loader = loader;
  }

  TreeNode get(NodePointer pointer) throws IOException {
    TreeNode there = nodes.getIfPresent(pointer);
    return there != null ? there : load(pointer);
  }

  private TreeNode load(NodePointer pointer) throws IOException {
    CompletableFuture<TreeNode> mine = new CompletableFuture<>();
    CompletableFuture<TreeNode> others = loads.putIfAbsent(pointer, mine);
    if (others != null) {
      return await(others);
    }
    try {
      // Another load may have ended between the miss and the registration.
      TreeNode node = nodes.getIfPresent(pointer);
      if (node == null) {
        node = loader.load(pointer);
        nodes.put(pointer, node);
      }
      mine.complete(node);
      return node;
    } catch (Throwable e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      loads.remove(pointer, mine);
    }
  }

  private static TreeNode await(CompletableFuture<TreeNode> load) throws IOException {
    try {
      return load.join();
    } catch (CompletionException e) {
      // An exception of this thread's own, with the loading thread's as its cause.
      Throwable cause = e.getCause();
      if (cause instanceof IntegrityException violation) {
        throw new IntegrityException(
            violation.path(), violation.offset().orElse(-1), violation.reason(), violation);
      }
      throw new IOException("A node could not be read: " + cause, cause);
    }
  }

  void put(NodePointer pointer, TreeNode node) {
    nodes.put(pointer, node);
  }
}
