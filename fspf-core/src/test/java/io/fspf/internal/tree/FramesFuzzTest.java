package io.fspf.internal.tree;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import io.fspf.internal.format.CommitBody;
import io.fspf.internal.format.NodeBody;
import io.fspf.internal.format.Pointer;
import io.fspf.internal.format.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of nodes and commits as the input decides, every pointer and commit with the right digest,
 * so that what is in the frames is parsed.
 */
class FramesFuzzTest {
  private static final int MAX_FRAMES = 60;

  @FuzzTest
  void frames(byte[] input) throws IOException {
    FileBytesFuzzTest.read(TestVolume.CLEAR, new Builder(new Choices(input)).file());
  }

  /** Makes one file. */
  private static final class Builder {
    private final Choices choices;
    private final Forge forge = new Forge();
    private final List<Pointer> nodes = new ArrayList<>();
    private long generation = 1;

    Builder(Choices choices) {
      this.choices = choices;
    }

    MemoryFile file() throws IOException {
      for (int i = 0; i < MAX_FRAMES && !choices.isUsedUp(); i++) {
        switch (choices.next(8)) {
          case 0 -> commit();
          case 1 -> nodes.add(forge.frame(choices.bytes()));
          case 2 -> nodes.add(forge.node(ByteString.copyFrom(choices.bytes())));
          case 3, 4 -> nodes.add(forge.node(inner()));
          default -> nodes.add(forge.node(leaf()));
        }
      }
      commit();
      return forge.file();
    }

    private NodeBody.Builder node() {
      return NodeBody.newBuilder()
          .setVolumeId(choices.next(32) == 31 ? TestVolume.SALT : TestVolume.ID)
          .setGeneration(choices.next(8) == 7 ? choices.number() : generation);
    }

    private NodeBody.Builder leaf() {
      NodeBody.Builder body = node();
      int count = choices.next(6);
      for (int i = 0; i <= count; i++) {
        body.addKeys(key(i));
        if (choices.next(16) != 15) {
          body.addValues(ByteString.copyFrom(choices.bytes()));
        }
      }
      return body;
    }

    /** Most often greater than those before it. */
    private ByteString key(int i) {
      ByteString key = ByteString.copyFrom(choices.bytes());
      return choices.next(4) == 3
          ? key
          : ByteString.copyFrom(new byte[] {(byte) (choices.next(4) << 4 | i)}).concat(key);
    }

    private NodeBody.Builder inner() {
      NodeBody.Builder body = node();
      body.setLevel(choices.next(4) == 3 ? (int) choices.number() : 1 + choices.next(3));
      int count = choices.next(6);
      for (int i = 0; i <= count; i++) {
        if (i > 0 && choices.next(16) != 15) {
          body.addKeys(key(i));
        }
        body.addChildren(pointer());
      }
      return body;
    }

    private Pointer pointer() {
      Pointer pointer =
          nodes.isEmpty()
              ? Pointer.newBuilder().setDigest(TestVolume.SALT).build()
              : nodes.get(nodes.size() - 1 - choices.next(nodes.size()));
      return switch (choices.next(16)) {
        case 13 -> pointer.toBuilder().setOffset(choices.number()).build();
        case 14 -> pointer.toBuilder().setLength((int) choices.number()).build();
        case 15 -> pointer.toBuilder().setDigest(ByteString.copyFrom(choices.bytes())).build();
        default -> pointer;
      };
    }

    private void commit() throws IOException {
      CommitBody.Builder body = forge.nextBody(pointer());
      int changes = choices.next(4);
      for (int i = 1; i < changes; i++) {
        change(body);
      }
      int end = forge.out.size();
      int tail = choices.next(4) == 3 ? (int) choices.number() : choices.next(end + 1);
      forge.commit(body.build().toByteString(), tail);
      generation++;
    }

    private void change(CommitBody.Builder body) {
      switch (choices.next(12)) {
        case 0 -> body.setGeneration(choices.number());
        case 1 -> body.setPreviousOffset(choices.number());
        case 2 -> body.setPreviousLength((int) choices.number());
        case 3 -> body.setPreviousTag(ByteString.copyFrom(choices.bytes()));
        case 4 -> body.clearRoot();
        case 5 -> body.setLiveNodeBytes(choices.number());
        case 6 ->
            body.setTime(
                Time.newBuilder().setSeconds(choices.number()).setNanos((int) choices.number()));
        case 7 -> body.setFiles(choices.number());
        case 8 -> body.setNextInode(choices.number());
        case 9 -> body.setBytes(choices.number());
        case 10 -> body.setVolumeId(ByteString.copyFrom(choices.bytes()));
        default -> body.setOpenForWriting(true);
      }
    }
  }
}
