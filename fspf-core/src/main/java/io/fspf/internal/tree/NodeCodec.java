package io.fspf.internal.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.fspf.IntegrityException;
import io.fspf.internal.crypto.AeadKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns nodes into frames and back.
 *
 * <p>Written by hand over protobuf's coded streams, not with the generated NodeBody: there is one
 * encoding of a node and everything else is refused, and records are copied once. Thread-safe.
 */
final class NodeCodec {
  private static final int NONCE_TAG = tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int BODY_TAG = tag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED);

  private static final int VOLUME_ID_TAG = tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int GENERATION_TAG = tag(2, WireFormat.WIRETYPE_FIXED64);
  private static final int LEVEL_TAG = tag(3, WireFormat.WIRETYPE_VARINT);
  private static final int KEY_TAG = tag(4, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int VALUE_TAG = tag(5, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int CHILD_TAG = tag(6, WireFormat.WIRETYPE_LENGTH_DELIMITED);

  private static final int OFFSET_TAG = tag(1, WireFormat.WIRETYPE_FIXED64);
  private static final int LENGTH_TAG = tag(2, WireFormat.WIRETYPE_FIXED32);
  private static final int DIGEST_TAG = tag(3, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int POINTER_SIZE =
      (1 + Long.BYTES) + (1 + Integer.BYTES) + (2 + Format.DIGEST);

  private final VolumeHeader header;
  private final @Nullable AeadKey key;

  /** With the key that seals nodes, or null for a volume without one. */
  NodeCodec(VolumeHeader header, @Nullable AeadKey key) {
    this.header = header;
    this.key = key;
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }

  /** The exact length of the frame around a body of this size. */
  int frameLength(int bodySize) {
    return Frames.length(messageLength(bodySize));
  }

  private int messageLength(int bodySize) {
    return key == null
        ? TreeNode.fieldSize(bodySize)
        : 2 + Format.NONCE + TreeNode.fieldSize(bodySize + Format.TAG);
  }

  /**
   * The frame of a node.
   *
   * @param children where the children of an inner node stand
   * @param offset where the frame is going to stand
   */
  byte[] encode(TreeNode node, List<NodePointer> children, long generation, long offset) {
    byte[] body = body(node, children, generation);
    byte[] frame = new byte[frameLength(body.length)];
    int at = Frames.begin(frame, Format.NODE_TAG, messageLength(body.length));
    if (key == null) {
      frame[at++] = (byte) BODY_TAG;
      at += Frames.putVarint(frame, at, body.length);
      System.arraycopy(body, 0, frame, at, body.length);
    } else {
      byte[] nonce = key.nextNonce();
      frame[at++] = (byte) NONCE_TAG;
      frame[at++] = Format.NONCE;
      System.arraycopy(nonce, 0, frame, at, Format.NONCE);
      at += Format.NONCE;
      frame[at++] = (byte) BODY_TAG;
      at += Frames.putVarint(frame, at, body.length + Format.TAG);
      key.seal(nonce, aad(offset), body, 0, body.length, frame, at);
    }
    return frame;
  }

  private byte[] body(TreeNode node, List<NodePointer> children, long generation) {
    byte[] body = new byte[node.bodySize];
    CodedOutputStream out = CodedOutputStream.newInstance(body);
    try {
      out.writeBytes(1, header.volumeId());
      out.writeFixed64(2, generation);
      if (node.level() > 0) {
        out.writeUInt32(3, node.level());
      }
      for (byte[] recordKey : node.keys) {
        out.writeByteArray(4, recordKey);
      }
      if (node instanceof LeafNode leaf) {
        for (byte[] value : leaf.values) {
          out.writeByteArray(5, value);
        }
      }
      for (NodePointer child : children) {
        out.writeUInt32NoTag(CHILD_TAG);
        out.writeUInt32NoTag(POINTER_SIZE);
        out.writeFixed64(1, child.offset());
        out.writeFixed32(2, child.length());
        out.writeBytes(3, child.digest());
      }
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("A node is not as long as was computed", e);
    }
    return body;
  }

  /**
   * The node in a frame whose digest is that of the pointer: opened, parsed and checked in itself.
   *
   * @throws IntegrityException if it is not a node of this volume as one would have written it
   */
  TreeNode decode(byte[] frame, long offset) throws IntegrityException {
    Parser parser = new Parser(offset);
    try {
      byte[] body = open(frame, parser);
      TreeNode node = parser.body(body);
      parser.require(
          node.bodySize == body.length && frameLength(node.bodySize) == frame.length,
          "the node is not in the one encoding");
      return node;
    } catch (IntegrityException e) {
      throw e;
    } catch (IOException e) {
      throw IntegrityException.inMetadata(offset, "the node is no protobuf message");
    }
  }

  private byte[] open(byte[] frame, Parser parser) throws IOException {
    int start = Frames.messageStart(frame, Format.NODE_TAG);
    parser.require(start >= 0, "no node frame stands there");
    CodedInputStream in = CodedInputStream.newInstance(frame, start, frame.length - start);
    if (key == null) {
      parser.expect(in, BODY_TAG);
      byte[] body = in.readByteArray();
      parser.expect(in, 0);
      return body;
    }
    parser.expect(in, NONCE_TAG);
    byte[] nonce = in.readByteArray();
    parser.expect(in, BODY_TAG);
    byte[] sealed = in.readByteArray();
    parser.expect(in, 0);
    parser.require(
        nonce.length == Format.NONCE && sealed.length >= Format.TAG,
        "the sealed node is of a wrong length");
    byte[] body = new byte[sealed.length - Format.TAG];
    parser.require(
        key.open(nonce, aad(parser.offset), sealed, 0, sealed.length, body, 0),
        "the node is not authentic");
    return body;
  }

  private byte[] aad(long offset) {
    return header.aad(Format.nodeLabel(), offset, 0);
  }

  /** Reads one node's body; its offset is for the exceptions, and bounds what it points to. */
  private final class Parser {
    private final long offset;

    Parser(long offset) {
      this.offset = offset;
    }

    TreeNode body(byte[] body) throws IOException {
      CodedInputStream in = CodedInputStream.newInstance(body);
      expect(in, VOLUME_ID_TAG);
      require(in.readBytes().equals(header.volumeId()), "the node is of another volume");
      expect(in, GENERATION_TAG);
      long generation = in.readFixed64();
      require(generation > 0, "the node has no generation");
      int next = in.readTag();
      int level = 0;
      if (next == LEVEL_TAG) {
        level = in.readUInt32();
        require(level > 0 && level <= Format.MAX_LEVEL, "the node's level is out of range");
        next = in.readTag();
      }
      List<byte[]> keyList = new ArrayList<>();
      for (; next == KEY_TAG; next = in.readTag()) {
        keyList.add(bounded(in, Format.MAX_KEY, "a key is too long"));
      }
      byte[][] keys = keyList.toArray(new byte[0][]);
      require(Keys.ascending(keys), "the node's keys do not ascend");
      return level == 0
          ? leaf(in, next, keys, generation)
          : inner(in, next, level, keys, generation);
    }

    private LeafNode leaf(CodedInputStream in, int first, byte[][] keys, long generation)
        throws IOException {
      byte[][] values = new byte[keys.length][];
      int count = 0;
      int next = first;
      for (; next == VALUE_TAG; next = in.readTag()) {
        require(count < keys.length, "the leaf has more values than keys");
        values[count++] = bounded(in, Format.MAX_VALUE, "a value is too long");
      }
      require(next == 0, "the leaf has other fields than keys and values");
      require(
          count == keys.length && count > 0, "the leaf has no records, or fewer values than keys");
      return new LeafNode(keys, values, generation);
    }

    private InnerNode inner(
        CodedInputStream in, int first, int level, byte[][] keys, long generation)
        throws IOException {
      NodeRef[] children = new NodeRef[keys.length + 1];
      int count = 0;
      int next = first;
      for (; next == CHILD_TAG; next = in.readTag()) {
        require(count < children.length, "the inner node has too many children");
        children[count++] = NodeRef.to(pointer(in), level - 1, generation);
      }
      require(next == 0, "the inner node has other fields than keys and children");
      require(count == children.length, "the inner node has too few children");
      return new InnerNode(level, keys, children, generation);
    }

    private NodePointer pointer(CodedInputStream in) throws IOException {
      require(in.readUInt32() == POINTER_SIZE, "a pointer is of a wrong length");
      expect(in, OFFSET_TAG);
      long at = in.readFixed64();
      expect(in, LENGTH_TAG);
      int length = in.readFixed32();
      expect(in, DIGEST_TAG);
      ByteString digest = in.readBytes();
      NodePointer pointer = new NodePointer(at, length, digest);
      require(pointer.within(header.length(), offset), "a pointer leads out of what is before it");
      return pointer;
    }

    private byte[] bounded(CodedInputStream in, int most, String otherwise) throws IOException {
      byte[] bytes = in.readByteArray();
      require(bytes.length <= most, otherwise);
      return bytes;
    }

    void expect(CodedInputStream in, int tag) throws IOException {
      require(in.readTag() == tag, "a field is missing, unknown or out of order");
    }

    void require(boolean condition, String otherwise) throws IntegrityException {
      if (!condition) {
        throw IntegrityException.inMetadata(offset, otherwise);
      }
    }
  }
}
