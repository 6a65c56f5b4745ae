package io.fspf.internal.tree;

import com.google.common.hash.Hasher;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fspf.IntegrityException;
import io.fspf.RootTag;
import io.fspf.internal.crypto.AeadKey;
import io.fspf.internal.format.Commit;
import io.fspf.internal.format.CommitBody;
import io.fspf.internal.format.Pointer;
import io.fspf.internal.format.Time;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Turns commits into frames and back. Thread-safe. */
final class CommitCodec {
  private static final byte DIGEST_TAG = 0x2A;
  private static final byte TRAILER_TAG = 0x31;

  private final VolumeHeader header;
  private final @Nullable AeadKey key;

  /** With the key that seals commits, or null for a volume without one. */
  CommitCodec(VolumeHeader header, @Nullable AeadKey key) {
    this.header = header;
    this.key = key;
  }

  /** A commit before it has a frame, and so a length and a tag. */
  record Draft(
      long generation,
      Instant time,
      @Nullable RootTag previousTag,
      CommitFields fields,
      long liveNodeBytes,
      @Nullable NodePointer root,
      long previousOffset,
      int previousLength) {}

  /**
   * The frame of a commit.
   *
   * @param offset where it is going to stand
   * @param tailLength how many bytes just before it become durable with it
   * @param tail has taken in those bytes, and takes in the frame
   */
  byte[] encode(Draft draft, long offset, int tailLength, Hasher tail) {
    CommitBody.Builder body =
        CommitBody.newBuilder()
            .setVolumeId(header.volumeId())
            .setGeneration(draft.generation())
            .setTime(time(draft.time()))
            .setPreviousOffset(draft.previousOffset())
            .setPreviousLength(draft.previousLength())
            .setNextInode(draft.fields().nextInode())
            .setFiles(draft.fields().files())
            .setDirectories(draft.fields().directories())
            .setSymlinks(draft.fields().symlinks())
            .setBytes(draft.fields().bytes())
            .setOpenForWriting(draft.fields().openForWriting())
            .setLiveNodeBytes(draft.liveNodeBytes());
    if (draft.previousTag() != null) {
      body.setPreviousTag(ByteString.copyFrom(draft.previousTag().toBytes()));
    }
    NodePointer root = draft.root();
    if (root != null) {
      body.setRoot(
          Pointer.newBuilder()
              .setOffset(root.offset())
              .setLength(root.length())
              .setDigest(root.digest()));
    }
    byte[] clear = body.build().toByteArray();
    Commit.Builder commit = Commit.newBuilder().setTailLength(tailLength).setOffset(offset);
    if (key == null) {
      commit.setBody(ByteString.copyFrom(clear));
    } else {
      byte[] nonce = key.nextNonce();
      byte[] sealed = new byte[clear.length + Format.TAG];
      key.seal(nonce, aad(offset, tailLength), clear, 0, clear.length, sealed, 0);
      commit.setNonce(ByteString.copyFrom(nonce)).setBody(ByteString.copyFrom(sealed));
    }
    byte[] covered = commit.build().toByteArray();
    int rest = Format.COMMIT_SUFFIX - Format.COMMIT_SUFFIX_DIGEST;
    byte[] frame = new byte[Frames.length(covered.length + rest)];
    int at = Frames.begin(frame, Format.COMMIT_TAG, covered.length + rest);
    System.arraycopy(covered, 0, frame, at, covered.length);
    at += covered.length;
    byte[] digest = tail.putBytes(frame, 0, at).hash().asBytes();
    ByteBuffer.wrap(frame, at, rest)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(DIGEST_TAG)
        .put((byte) Format.DIGEST)
        .put(digest)
        .put(TRAILER_TAG)
        .putLong(Format.COMMIT_TRAILER);
    return frame;
  }

  private static Time time(Instant time) {
    return Time.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()).build();
  }

  /** What a frame that was just encoded says. */
  CommitInfo info(Draft draft, long offset, byte[] frame) {
    return new CommitInfo(
        draft.generation(),
        draft.time(),
        header.tagOf(frame),
        draft.previousTag(),
        offset,
        frame.length,
        draft.fields(),
        draft.liveNodeBytes(),
        draft.root(),
        draft.previousOffset(),
        draft.previousLength());
  }

  /**
   * The commit in a frame that was found whole, or that has an expected root tag: opened, parsed
   * and checked in itself.
   *
   * @throws IntegrityException if it is not a commit of this volume as one would have written it
   */
  CommitInfo decode(byte[] frame, long offset) throws IntegrityException {
    try {
      int start = Frames.messageStart(frame, Format.COMMIT_TAG);
      require(
          start >= 0 && frame.length <= Format.MAX_COMMIT_FRAME,
          offset,
          "no commit frame stands there");
      Commit commit = Commit.parseFrom(ByteString.copyFrom(frame, start, frame.length - start));
      require(
          commit.getUnknownFields().asMap().isEmpty()
              && isEncoding(commit.toByteArray(), frame, start)
              && commit.hasTailLength()
              && commit.getOffset() == offset
              && commit.getDigest().size() == Format.DIGEST
              && commit.getTrailer() == Format.COMMIT_TRAILER,
          offset,
          "the commit has unknown or misplaced fields");
      byte[] clear = open(commit, offset);
      CommitBody body = CommitBody.parseFrom(clear);
      require(
          body.getUnknownFields().asMap().isEmpty()
              && body.getTime().getUnknownFields().asMap().isEmpty()
              && body.getRoot().getUnknownFields().asMap().isEmpty()
              && isEncoding(body.toByteArray(), clear, 0),
          offset,
          "the commit has unknown fields, or is not in the one encoding");
      long tail = Integer.toUnsignedLong(commit.getTailLength());
      return info(body, tail, offset, frame);
    } catch (InvalidProtocolBufferException e) {
      throw IntegrityException.inMetadata(offset, "the commit is no protobuf message");
    }
  }

  private static boolean isEncoding(byte[] again, byte[] bytes, int from) {
    return Arrays.equals(again, 0, again.length, bytes, from, bytes.length);
  }

  private byte[] open(Commit commit, long offset) throws IntegrityException {
    byte[] body = commit.getBody().toByteArray();
    if (key == null) {
      require(commit.getNonce().isEmpty(), offset, "the commit has a nonce without a key");
      return body;
    }
    require(
        commit.getNonce().size() == Format.NONCE && body.length >= Format.TAG,
        offset,
        "the sealed commit is of a wrong length");
    byte[] clear = new byte[body.length - Format.TAG];
    byte[] aad = aad(offset, commit.getTailLength());
    require(
        key.open(commit.getNonce().toByteArray(), aad, body, 0, body.length, clear, 0),
        offset,
        "the commit is not authentic");
    return clear;
  }

  private CommitInfo info(CommitBody body, long tail, long offset, byte[] frame)
      throws IntegrityException {
    require(
        body.getVolumeId().equals(header.volumeId()), offset, "the commit is of another volume");
    require(body.getGeneration() > 0, offset, "the commit has no generation");
    require(
        body.getPreviousTag().size() == (body.getGeneration() == 1 ? 0 : RootTag.LENGTH),
        offset,
        "the commit names no commit before it, or one before the first");
    require(
        body.getPreviousOffset() == 0
            ? body.getPreviousLength() == 0
            : body.getGeneration() > 1
                && body.getPreviousOffset() >= header.length()
                && body.getPreviousLength() > 0
                && body.getPreviousLength() <= Format.MAX_COMMIT_FRAME
                && body.getPreviousOffset() <= offset - body.getPreviousLength(),
        offset,
        "the commit before it would not stand before it");
    // What is under two commits' digests would be hashed twice, and more often by a long chain.
    require(
        tail <= Format.MAX_TAIL
            && tail <= offset - body.getPreviousOffset() - body.getPreviousLength(),
        offset,
        "the commit's tail reaches over the commit before it");
    require(
        body.getNextInode() >= 0
            && body.getFiles() >= 0
            && body.getDirectories() >= 0
            && body.getSymlinks() >= 0
            && body.getBytes() >= 0
            && body.getLiveNodeBytes() >= 0
            && body.getLiveNodeBytes() <= offset,
        offset,
        "a count is out of range");
    Time time = body.getTime();
    require(
        time.getSeconds() >= Instant.MIN.getEpochSecond()
            && time.getSeconds() <= Instant.MAX.getEpochSecond()
            && time.getNanos() >= 0
            && time.getNanos() < 1_000_000_000,
        offset,
        "the time is out of range");
    NodePointer root = null;
    if (body.hasRoot()) {
      Pointer pointer = body.getRoot();
      root = new NodePointer(pointer.getOffset(), pointer.getLength(), pointer.getDigest());
      require(
          root.within(header.length(), offset), offset, "the root leads out of what is before it");
    }
    return new CommitInfo(
        body.getGeneration(),
        Instant.ofEpochSecond(time.getSeconds(), time.getNanos()),
        header.tagOf(frame),
        body.getPreviousTag().isEmpty()
            ? null
            : RootTag.ofBytes(body.getPreviousTag().toByteArray()),
        offset,
        frame.length,
        new CommitFields(
            body.getNextInode(),
            body.getFiles(),
            body.getDirectories(),
            body.getSymlinks(),
            body.getBytes(),
            body.getOpenForWriting()),
        body.getLiveNodeBytes(),
        root,
        body.getPreviousOffset(),
        body.getPreviousLength());
  }

  private byte[] aad(long offset, int tailLength) {
    byte[] aad = header.aad(Format.commitLabel(), offset, Integer.BYTES);
    ByteBuffer.wrap(aad).putInt(aad.length - Integer.BYTES, tailLength);
    return aad;
  }

  private static void require(boolean condition, long offset, String otherwise)
      throws IntegrityException {
    if (!condition) {
      throw IntegrityException.inMetadata(offset, otherwise);
    }
  }
}
