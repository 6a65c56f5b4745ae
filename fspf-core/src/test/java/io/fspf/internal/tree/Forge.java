package io.fspf.internal.tree;

import com.google.protobuf.ByteString;
import io.fspf.RootTag;
import io.fspf.internal.format.Commit;
import io.fspf.internal.format.CommitBody;
import io.fspf.internal.format.Header;
import io.fspf.internal.format.MetadataSeal;
import io.fspf.internal.format.Node;
import io.fspf.internal.format.NodeBody;
import io.fspf.internal.format.Pointer;
import io.fspf.internal.format.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A file that grows frame by frame, made with the generated messages only. */
final class Forge {
  static final Header HEADER =
      Header.newBuilder()
          .setMagic(ByteString.copyFromUtf8("FSPFv1\r\n"))
          .setFormatVersion(1)
          .setVolumeId(TestVolume.ID)
          .setMetadataSeal(MetadataSeal.METADATA_SEAL_NONE)
          .build();

  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final byte[] header;
  private byte[] lastCommit = new byte[0];
  private int lastOffset;
  private long generation;

  Forge() {
    this(HEADER);
  }

  Forge(Header header) {
    this.header = Frames.of(0x0A, header.toByteArray());
    out.writeBytes(this.header);
  }

  static NodeBody.Builder leaf(String... keys) {
    NodeBody.Builder body = NodeBody.newBuilder().setVolumeId(TestVolume.ID).setGeneration(1);
    for (String key : keys) {
      body.addKeys(ByteString.copyFromUtf8(key)).addValues(ByteString.copyFromUtf8("v"));
    }
    return body;
  }

  static NodeBody.Builder inner(int level, Pointer... children) {
    NodeBody.Builder body =
        NodeBody.newBuilder().setVolumeId(TestVolume.ID).setGeneration(1).setLevel(level);
    for (int i = 0; i < children.length; i++) {
      if (i > 0) {
        body.addKeys(ByteString.copyFromUtf8("k" + (char) ('a' + i)));
      }
      body.addChildren(children[i]);
    }
    return body;
  }

  Pointer node(NodeBody.Builder body) {
    return node(body.build().toByteString());
  }

  Pointer node(ByteString body) {
    return frame(Frames.of(0x12, Node.newBuilder().setBody(body).build().toByteArray()));
  }

  Pointer frame(byte[] frame) {
    int offset = out.size();
    out.writeBytes(frame);
    return Pointer.newBuilder()
        .setOffset(offset)
        .setLength(frame.length)
        .setDigest(Sha256.digest(frame))
        .build();
  }

  CommitBody.Builder body(Pointer root) {
    return CommitBody.newBuilder()
        .setVolumeId(TestVolume.ID)
        .setGeneration(1)
        .setTime(Time.newBuilder().setSeconds(1))
        .setRoot(root);
  }

  Forge commit(CommitBody.Builder body) {
    return commit(body.build().toByteString(), 0);
  }

  /** A commit with the right digest where the file has such a tail. */
  Forge commit(ByteString body, int tail) {
    return commit(body, tail, Math.max(0, Math.min(tail, out.size())));
  }

  /** Of the commit after the last one, or of the first. */
  CommitBody.Builder nextBody(Pointer root) throws IOException {
    CommitBody.Builder body = body(root);
    if (lastCommit.length > 0) {
      RootTag previous = VolumeHeader.read(new MemoryFile(header)).tagOf(lastCommit);
      body.setGeneration(generation + 1)
          .setPreviousTag(ByteString.copyFrom(previous.toBytes()))
          .setPreviousOffset(lastOffset)
          .setPreviousLength(lastCommit.length);
    }
    return body;
  }

  /** The commit after the last one, whose digest is right for an empty tail only. */
  void next(Pointer root, int tail) throws IOException {
    commit(nextBody(root).build().toByteString(), tail, 0);
  }

  /** A commit with fields before its own, in whatever encoding. */
  Forge commitBehind(byte[] fields, CommitBody.Builder body) {
    ByteArrayOutputStream covered = new ByteArrayOutputStream();
    covered.writeBytes(fields);
    covered.writeBytes(covered(body.build().toByteString(), 0));
    return commit(covered.toByteArray(), 0);
  }

  private byte[] covered(ByteString body, int tail) {
    return Commit.newBuilder()
        .setBody(body)
        .setTailLength(tail)
        .setOffset(out.size())
        .build()
        .toByteArray();
  }

  private Forge commit(ByteString body, int tail, int hashed) {
    return commit(covered(body, tail), hashed);
  }

  private Forge commit(byte[] covered, int hashed) {
    int offset = out.size();
    byte[] frame = Frames.of(0x1A, Arrays.copyOf(covered, covered.length + 43));
    int at = frame.length - 43;
    byte[] before = hashed == 0 ? new byte[0] : out.toByteArray();
    byte[] digest =
        Sha256.of(
            Arrays.copyOfRange(before, before.length - hashed, before.length),
            Arrays.copyOf(frame, at));
    ByteBuffer.wrap(frame, at, 43)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x2A)
        .put((byte) 32)
        .put(digest)
        .put((byte) 0x31)
        .put(TestVolume.bytes("FSPFcmt1"));
    out.writeBytes(frame);
    lastCommit = frame;
    lastOffset = offset;
    generation++;
    return this;
  }

  MemoryFile file() {
    return new MemoryFile(out.toByteArray());
  }

  MetadataLog open() throws IOException {
    return TestVolume.CLEAR.open(file());
  }
}
