package io.fspf.internal.tree;

import com.google.protobuf.ByteString;
import io.fspf.IntegrityException;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one fspf file: read, verified, and cached. Thread-safe, without locks for readers.
 */
final class NodeStore {
  private final HostFile file;
  private final NodeCodec codec;
  private final NodeCache cache;
  private final int nodeTarget;
  private final io.fspf.internal.crypto.Sha256 digests;

  NodeStore(HostFile file, NodeCodec codec, TreeOptions options) {
    this.file = file;
    this.codec = codec;
    this.cache = new NodeCache(options.cacheBytes(), this::read);
    this.nodeTarget = options.nodeTarget();
    this.digests = options.digests();
  }

  /** Above this encoded size, in bytes, a node is split. */
  int nodeTarget() {
    return nodeTarget;
  }

  NodeCodec codec() {
    return codec;
  }

  /** A place for a node that is not written yet. */
  NodeRef unwritten(TreeNode node) {
    return NodeRef.to(node, codec.frameLength(node.bodySize));
  }

  /** Keeps a node that was just written. */
  void cache(NodePointer pointer, TreeNode node) {
    cache.put(pointer, node);
  }

  /**
   * The node at a place of the tree.
   *
   * @param low the smallest key that may stand there
   * @param high the smallest key that stands beyond, or null for none
   */
  TreeNode load(NodeRef ref, byte[] low, byte @Nullable [] high) throws IOException {
    Object place = ref.place();
    if (place instanceof TreeNode node) {
      return node;
    }
    NodePointer pointer = (NodePointer) place;
    return checkPlace(ref, pointer, cache.get(pointer), low, high);
  }

  /** The same, always from the file; the node's own content is checked anew. */
  TreeNode reload(NodeRef ref, NodePointer pointer, byte[] low, byte @Nullable [] high)
      throws IOException {
    return checkPlace(ref, pointer, read(pointer), low, high);
  }

  /**
   * What only the parent can tell. Checked at each step down, not once per node: in a hostile file
   * one node may hang in several places.
   */
  private static TreeNode checkPlace(
      NodeRef ref, NodePointer pointer, TreeNode node, byte[] low, byte @Nullable [] high)
      throws IntegrityException {
    if (ref.level != NodeRef.ANY_LEVEL && node.level() != ref.level) {
      throw IntegrityException.inMetadata(
          pointer.offset(), "the node's level is not that below its parent's");
    }
    if (Long.compareUnsigned(node.generation, ref.maxGeneration) > 0) {
      throw IntegrityException.inMetadata(pointer.offset(), "the node is younger than its parent");
    }
    if (!node.within(low, high)) {
      throw IntegrityException.inMetadata(
          pointer.offset(), "the node's keys are not within its parent's bounds");
    }
    return node;
  }

  /** The digest of a node's frame, for the pointer to it. */
  ByteString digest(byte[] frame) {
    return ByteString.copyFrom(digests.digest(frame));
  }

  long fileSize() throws IOException {
    return file.size();
  }

  private TreeNode read(NodePointer pointer) throws IOException {
    byte[] frame = Frames.read(file, pointer.offset(), pointer.length());
    if (frame.length < pointer.length()) {
      throw IntegrityException.inMetadata(pointer.offset(), "the file ends within a node");
    }
    if (!digests.matches(pointer.digest().toByteArray(), frame, 0, frame.length)) {
      throw IntegrityException.inMetadata(pointer.offset(), "the node is not what was written");
    }
    return codec.decode(frame, pointer.offset());
  }
}
