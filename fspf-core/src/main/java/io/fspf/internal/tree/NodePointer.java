package io.fspf.internal.tree;

import com.google.protobuf.ByteString;

/**
 * Where a node stands in the file, and what stands there. Immutable.
 *
 * @param offset of the frame's first byte
 * @param length of the whole frame
 * @param digest SHA-256 of the whole frame as stored
 */
public record NodePointer(long offset, int length, ByteString digest) {
  /** The offset of the first byte after the node. */
  public long end() {
    return offset + length;
  }

  /** Whether it is well-formed and the node stands in {@code [from, to)}. Never overflows. */
  boolean within(long from, long to) {
    return digest.size() == Format.DIGEST
        && length > 0
        && length <= Format.MAX_NODE_FRAME
        && offset >= from
        && offset <= to - length;
  }
}
