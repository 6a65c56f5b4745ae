package io.fspf.internal.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.fspf.RootTag;
import io.fspf.internal.crypto.AeadKey;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.format.CommitBody;
import io.fspf.internal.format.FspfFile;
import io.fspf.internal.format.Header;
import io.fspf.internal.format.MetadataSeal;
import io.fspf.internal.format.NodeBody;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The examples in docs/format.md are what the code writes, and its messages those of the code. To
 * write them anew: {@code -DargLine=-Dfspf.docs.update=true}.
 */
class FormatExampleTest {
  private static final String DOCUMENT = "docs/format.md";
  private static final String MESSAGES = "fspf-core/src/main/proto/fspf.proto";

  @Test
  void theDocumentShowsWhatIsWritten() throws Exception {
    check("examples", clear() + "\n" + sealed() + "\n");
  }

  /** So that the document alone is enough for a second implementation. */
  @Test
  void theDocumentHoldsTheMessages() throws Exception {
    String messages = Files.readString(root().resolve(MESSAGES));
    check("messages", "```proto\n" + messages + "```\n\n");
  }

  private static void check(String part, String content) throws IOException {
    Path document = root().resolve(DOCUMENT);
    String text = Files.readString(document);
    String beginMark = "<!-- Made by FormatExampleTest: " + part + " begin -->\n";
    String endMark = "<!-- Made by FormatExampleTest: " + part + " end -->\n";
    assertThat(text).containsOnlyOnce(beginMark).containsOnlyOnce(endMark);
    int begin = text.indexOf(beginMark) + beginMark.length();
    if (Boolean.getBoolean("fspf.docs.update")) {
      text = text.substring(0, begin) + "\n" + content + text.substring(text.indexOf(endMark));
      Files.writeString(document, text);
    }
    assertThat(text.substring(begin, text.indexOf(endMark))).isEqualTo("\n" + content);
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve(DOCUMENT))) {
      directory = Objects.requireNonNull(directory.getParent(), "no " + DOCUMENT + " above");
    }
    return directory;
  }

  private static String clear() throws IOException {
    MemoryFile file = new MemoryFile();
    CommitInfo first;
    CommitInfo second;
    try (MetadataLog log = TestVolume.CLEAR.create(file)) {
      Tree tree =
          log.empty()
              .apply(
                  new TreeEdits()
                      .put(TestVolume.bytes("apple"), TestVolume.bytes("red"))
                      .put(TestVolume.bytes("pear"), TestVolume.bytes("green")));
      first = log.commit(tree, new CommitFields(2, 0, 1, 0, 0, false));
      tree = tree.apply(new TreeEdits().put(TestVolume.bytes("pear"), TestVolume.bytes("yellow")));
      second = log.commit(tree, new CommitFields(2, 0, 1, 0, 0, false));
    }
    StringBuilder out = new StringBuilder();
    out.append("### In clear\n\n");
    out.append(
        "Two commits. The first maps `apple` to `red` and `pear` to `green`; the second maps\n");
    out.append("`pear` to `yellow`.\n\n```text\n");
    new Dump(file.bytes(), out).message(FspfFile.getDescriptor(), 0, (int) file.size(), 0);
    out.append("```\n\n");
    out.append("Root tags:\n\n```text\n");
    line(out, "generation 1", first.tag());
    line(out, "generation 2", second.tag());
    out.append("```\n");
    return out.toString();
  }

  private static void line(StringBuilder out, String name, RootTag tag) {
    out.append(name).append("  ").append(tag).append('\n');
  }

  private static String sealed() throws IOException {
    byte[] nodeKey = sequence(0x00, 32);
    byte[] commitKey = sequence(0x20, 32);
    byte[] frame =
        Frames.of(
            Format.HEADER_TAG,
            Header.newBuilder()
                .setMagic(Format.MAGIC)
                .setFormatVersion(1)
                .setVolumeId(TestVolume.ID)
                .setMetadataSeal(MetadataSeal.METADATA_SEAL_AES_256_GCM)
                .setSalt(ByteString.copyFrom(sequence(0x40, 32)))
                .setKeyCommitment(ByteString.copyFrom(sequence(0x60, 32)))
                .build()
                .toByteArray());
    VolumeHeader header = VolumeHeader.read(new MemoryFile(frame));
    LeafNode leaf =
        new LeafNode(
            new byte[][] {TestVolume.bytes("apple")}, new byte[][] {TestVolume.bytes("red")}, 0);
    int nodeAt = frame.length;
    byte[] node =
        new NodeCodec(header, fixedKey(nodeKey, sequence(0x80, 12)))
            .encode(leaf, List.of(), 1, nodeAt);
    int commitAt = nodeAt + node.length;
    CommitCodec.Draft draft =
        new CommitCodec.Draft(
            1,
            Instant.ofEpochSecond(1_800_000_000L),
            null,
            new CommitFields(2, 0, 1, 0, 0, false),
            node.length,
            new NodePointer(nodeAt, node.length, Sha256.digest(node)),
            0,
            0);
    byte[] commit =
        new CommitCodec(header, fixedKey(commitKey, sequence(0x90, 12)))
            .encode(draft, commitAt, commitAt, Sha256.hasher().putBytes(frame).putBytes(node));
    MemoryFile file = new MemoryFile();
    file.write(0, frame, 0, frame.length);
    file.write(nodeAt, node, 0, node.length);
    file.write(commitAt, commit, 0, commit.length);
    byte[] whole = new HeadFinder(file, header, HeadChoice.last()).find().frame;
    assertThat(whole).isEqualTo(commit);

    StringBuilder out = new StringBuilder();
    out.append("### Sealed\n\n");
    out.append(
        "One commit, with one record. The keys are given here as they are, without the key\n");
    out.append("schedule; salt and key commitment are made up.\n\n```text\n");
    hex(out, "node key", nodeKey);
    hex(out, "commit key", commitKey);
    hex(out, "SHA-256(header frame)", Sha256.of(frame));
    hex(out, "AAD of the node", header.aad(Format.nodeLabel(), nodeAt, 0));
    byte[] aad = header.aad(Format.commitLabel(), commitAt, 4);
    aad[aad.length - 1] = (byte) commitAt;
    aad[aad.length - 2] = (byte) (commitAt >> 8);
    hex(out, "AAD of the commit", aad);
    out.append("root tag  ").append(header.tagOf(commit)).append("\n```\n\n```text\n");
    new Dump(file.bytes(), out).message(FspfFile.getDescriptor(), 0, (int) file.size(), 0);
    out.append("```\n");
    return out.toString();
  }

  private static void hex(StringBuilder out, String name, byte[] bytes) {
    out.append(name).append('\n');
    for (int i = 0; i < bytes.length; i += 32) {
      out.append("  ")
          .append(TestVolume.hex(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + 32))))
          .append('\n');
    }
  }

  private static byte[] sequence(int first, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  /** A key whose nonces are all the same: for an example only. */
  private static AeadKey fixedKey(byte[] key, byte[] nonce) {
    return CryptoContext.standard()
        .withRandom((into, offset, length) -> System.arraycopy(nonce, 0, into, offset, length))
        .aead(SecretBytes.copyOf(key));
  }

  /** Shows a message byte by byte, with the names of its fields. */
  private static final class Dump {
    private final byte[] bytes;
    private final StringBuilder out;
    private final boolean sealed;

    Dump(byte[] bytes, StringBuilder out) throws IOException {
      this.bytes = bytes;
      this.out = out;
      this.sealed = FspfFile.parseFrom(bytes).getNode(0).getNonce().size() > 0;
    }

    void message(Descriptor type, int from, int to, int depth) throws IOException {
      CodedInputStream in = CodedInputStream.newInstance(bytes, from, to - from);
      while (!in.isAtEnd()) {
        int start = from + in.getTotalBytesRead();
        int tag = in.readTag();
        FieldDescriptor field =
            Objects.requireNonNull(type.findFieldByNumber(WireFormat.getTagFieldNumber(tag)));
        String name = "  ".repeat(depth) + field.getName();
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          long value =
              switch (field.getType()) {
                case FIXED32 -> in.readFixed32();
                case FIXED64 -> in.readFixed64();
                case SINT64 -> in.readSInt64();
                default -> in.readUInt64();
              };
          String shown = field.getName().equals("trailer") ? "\"FSPFcmt1\"" : Long.toString(value);
          row(start, from + in.getTotalBytesRead(), name + " = " + shown);
          continue;
        }
        int length = in.readRawVarint32();
        int content = from + in.getTotalBytesRead();
        in.skipRawBytes(length);
        Descriptor inner = inner(field);
        if (inner != null) {
          row(start, content, name + ", " + length + " bytes");
          message(inner, content, content + length, depth + 1);
        } else {
          row(start, content + length, name + text(content, length));
        }
      }
    }

    private @Nullable Descriptor inner(FieldDescriptor field) {
      if (field.getType() == FieldDescriptor.Type.MESSAGE) {
        return field.getMessageType();
      }
      return sealed
          ? null
          : switch (field.getFullName()) {
            case "fspf.v1.Node.body" -> NodeBody.getDescriptor();
            case "fspf.v1.Commit.body" -> CommitBody.getDescriptor();
            default -> null;
          };
    }

    private String text(int at, int length) {
      String text = new String(bytes, at, length, UTF_8);
      boolean printable =
          length <= 16
              && text.chars().allMatch(c -> (c >= ' ' && c < 127) || c == '\r' || c == '\n');
      return printable && length > 0
          ? " = \"" + text.replace("\r", "\\r").replace("\n", "\\n") + "\""
          : "";
    }

    private void row(int from, int to, String name) {
      for (int at = from; at < to; at += 16) {
        String hex =
            Arrays.stream(
                    TestVolume.hex(Arrays.copyOfRange(bytes, at, Math.min(to, at + 16)))
                        .split("(?<=\\G..)"))
                .collect(Collectors.joining(" "));
        String line = "%04x  %-47s  %s".formatted(at, hex, at == from ? name : "");
        out.append(line.stripTrailing()).append('\n');
      }
    }
  }
}
