package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.fspf.IntegrityException;
import io.fspf.internal.crypto.AeadKey;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.format.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Nodes whose digests a key holder, or a host without one, has made right. */
class NodeCodecTest {
  private static final long OFFSET = 1000;

  private final MetadataKeys keys = Objects.requireNonNull(TestVolume.SEALED.keys());
  private final VolumeHeader header = VolumeHeader.of(TestVolume.SEALED.fields(), keys);
  private final NodeCodec codec = new NodeCodec(header, keys.node());
  private final LeafNode leaf =
      new LeafNode(new byte[][] {{1}, {2}}, new byte[][] {{3}, new byte[200]}, 0);

  private byte[] encoded(NodeCodec by) {
    return by.encode(leaf, List.of(), 5, OFFSET);
  }

  private void refuses(byte[] frame, String reason) {
    assertThatThrownBy(() -> codec.decode(frame, OFFSET))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(reason);
  }

  private static byte[] frame(ByteString nonce, ByteString body) {
    return Frames.of(
        Format.NODE_TAG, Node.newBuilder().setNonce(nonce).setBody(body).build().toByteArray());
  }

  @Test
  void aNodeIsWhatWasSealed() throws Exception {
    var found = (LeafNode) codec.decode(encoded(codec), OFFSET);
    assertThat(found.keys).isDeepEqualTo(leaf.keys);
    assertThat(found.values).isDeepEqualTo(leaf.values);
    assertThat(found.generation).isEqualTo(5);
    assertThat(encoded(codec)).hasSize(codec.frameLength(leaf.bodySize));
  }

  @Test
  void whatIsNotAuthenticIsRefused() throws Exception {
    byte[] frame = encoded(codec);
    for (int at : new int[] {frame.length - 1, frame.length - 20, 8}) {
      byte[] changed = frame.clone();
      changed[at] ^= 1;
      refuses(changed, "not authentic");
    }
    assertThatThrownBy(() -> codec.decode(frame, OFFSET + 1))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("not authentic");
    refuses(encoded(new NodeCodec(header, keys.commit())), "not authentic");
  }

  @Test
  void sealedPartsOfWrongLengthsAreRefused() throws Exception {
    Node node = Node.parseFrom(ByteString.copyFrom(message(encoded(codec))));
    refuses(frame(node.getNonce().substring(1), node.getBody()), "wrong length");
    refuses(
        frame(node.getNonce().concat(ByteString.copyFrom(new byte[1])), node.getBody()),
        "wrong length");
    refuses(frame(node.getNonce(), node.getBody().substring(0, 15)), "wrong length");
    // A tag of nothing is of the right length, and says nothing.
    ByteString nonce = ByteString.copyFrom(keys.node().nextNonce());
    refuses(frame(nonce, sealed(nonce, new byte[0])), "a field is missing");
    assertThat(codec.decode(frame(node.getNonce(), node.getBody()), OFFSET).keys)
        .isDeepEqualTo(leaf.keys);
  }

  @Test
  void aNodeOfNoGenerationIsRefused() {
    refuses(codec.encode(leaf, List.of(), 0, OFFSET), "generation");
  }

  private static byte[] message(byte[] frame) {
    int start = Frames.messageStart(frame, Format.NODE_TAG);
    return Arrays.copyOfRange(frame, start, frame.length);
  }

  private ByteString sealed(ByteString nonce, byte[] body) {
    AeadKey key = keys.node();
    byte[] sealed = new byte[body.length + Format.TAG];
    key.seal(
        nonce.toByteArray(),
        header.aad(Format.nodeLabel(), OFFSET, 0),
        body,
        0,
        body.length,
        sealed,
        0);
    return ByteString.copyFrom(sealed);
  }
}
