package io.fspf.internal.tree;

import com.google.common.hash.Hasher;
import io.fspf.IntegrityException;
import io.fspf.RootTag;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds a file's last whole commit: goes backwards from the end, over zeros and garbage, to the
 * first commit frame whose digest over its tail and itself is right. Neither trusts a hint nor
 * needs a key.
 *
 * <p>Takes one pass over what stands behind the head, and memory for one block. Frames that only
 * look like commits up to their digests cost hashing. Their number, the bytes hashed and the length
 * of the pass are bounded, so that neither a file full of them nor one of endless zeros, which
 * costs the host nothing, takes long to refuse.
 *
 * <p>The digest tells a commit from a torn append. A commit that is pinned needs no such proof: it
 * was durable when its tag became known. So it is found also where its tail is damaged, and reading
 * tells what is lost.
 */
final class HeadFinder {
  private static final int BLOCK = 256 << 10;
  private static final byte[] ZEROS = new byte[BLOCK];

  /** A crash leaves one torn commit behind; a host may leave as many as it likes. */
  private static final int MAX_CANDIDATES = 4096;

  private static final long MAX_HASHED = 64L << 20;

  /** A commit frame that is whole. */
  static final class Found {
    final long offset;
    final byte[] frame;

    /** The bytes up to the last one behind the frame that is not zero. */
    final long trailing;

    Found(long offset, byte[] frame, long trailing) {
      this.offset = offset;
      this.frame = frame;
      this.trailing = trailing;
    }
  }

  private final HostFile file;
  private final VolumeHeader header;
  private final @Nullable RootTag pin;
  private final boolean amongAll;

  private int candidates;
  private long hashed;

  /** Where the last commit stands that is not whole, or negative. */
  private long lastBroken = -1;

  HeadFinder(HostFile file, VolumeHeader header, HeadChoice choice) {
    this.file = file;
    this.header = header;
    this.pin = choice.pin();
    this.amongAll = choice.isAmongAll();
  }

  /**
   * The last commit that is whole, or pinned.
   *
   * @throws IntegrityException if there is none, or too much that looks like one
   */
  Found find() throws IOException {
    long lastNonZero = -1;
    long end = file.size();
    long first = end - Format.MAX_BEHIND_HEAD;
    byte[] block = new byte[(int) Math.min(BLOCK, end)];
    while (end - header.length() >= Format.COMMIT_SUFFIX) {
      long start = Math.max(header.length(), end - BLOCK);
      int length = file.read(start, block, 0, (int) (end - start));
      int used = withoutZeros(block, length);
      if (lastNonZero < 0 && used > 0) {
        lastNonZero = start + used;
      }
      for (int i = used; i >= Format.COMMIT_SUFFIX; i--) {
        if (block[i - 1] == '1' && isSuffix(block, i)) {
          long frameEnd = start + i;
          byte[] frame = wholeCommit(block, i, frameEnd);
          if (frame != null) {
            return new Found(frameEnd - frame.length, frame, Math.max(0, lastNonZero - frameEnd));
          }
        }
      }
      if (start == header.length()) {
        break;
      }
      if (start < first) {
        throw IntegrityException.inMetadata(
            start, "no whole commit in the last 9 GiB of the file: more than any writer leaves");
      }
      // A suffix may lie across the blocks' border.
      end = start + Format.COMMIT_SUFFIX - 1;
    }
    throw IntegrityException.inMetadata(
        lastBroken,
        lastBroken < 0
            ? "the file holds no whole commit"
            : "the file holds no whole commit; this one, or what it was appended with, is damaged");
  }

  private static int withoutZeros(byte[] block, int length) {
    int end = length;
    // In halves, so that a block of zeros costs one comparison of its whole.
    for (int step = length; end > 0 && step > 0; ) {
      if (step <= end && Arrays.equals(block, end - step, end, ZEROS, 0, step)) {
        end -= step;
      } else {
        step /= 2;
      }
    }
    return end;
  }

  /** Whether the constant bytes of a commit's suffix end at {@code end}. */
  private static boolean isSuffix(byte[] block, int end) {
    int at = end - Format.COMMIT_SUFFIX;
    ByteBuffer suffix = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    return suffix.getLong(end - Long.BYTES) == Format.COMMIT_TRAILER
        && block[at] == 0x1D
        && block[at + 5] == 0x21
        && block[at + Format.COMMIT_SUFFIX_DIGEST] == 0x2A
        && block[at + Format.COMMIT_SUFFIX_DIGEST + 1] == Format.DIGEST
        && block[end - Long.BYTES - 1] == 0x31;
  }

  /** The frame whose suffix ends there, if it is a commit's and its digest is right. */
  private byte @Nullable [] wholeCommit(byte[] block, int end, long frameEnd) throws IOException {
    ByteBuffer suffix = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    long offset = suffix.getLong(end - Format.COMMIT_SUFFIX + 6);
    if (offset < header.length()
        || offset > frameEnd - Format.COMMIT_SUFFIX
        || offset < frameEnd - Format.MAX_COMMIT_FRAME) {
      return null;
    }
    byte[] frame = Frames.read(file, offset, (int) (frameEnd - offset));
    // From here on only the private copy counts.
    if (frame.length != frameEnd - offset
        || Frames.messageStart(frame, Format.COMMIT_TAG) < 0
        || !isSuffix(frame, frame.length)) {
      return null;
    }
    ByteBuffer copy = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    int suffixAt = frame.length - Format.COMMIT_SUFFIX;
    long tail = Integer.toUnsignedLong(copy.getInt(suffixAt + 1));
    if (copy.getLong(suffixAt + 6) != offset || tail > Format.MAX_TAIL || tail > offset) {
      return null;
    }
    candidates++;
    hashed += tail + frame.length;
    if (candidates > MAX_CANDIDATES || hashed > MAX_HASHED) {
      throw IntegrityException.inMetadata(
          offset, "too many broken commits stand behind the last whole one, if there is one");
    }
    if (pin != null && header.tagOf(frame).equals(pin)) {
      return frame;
    }
    if (amongAll) {
      return null;
    }
    if (isWhole(file, offset, frame)) {
      return frame;
    }
    lastBroken = lastBroken < 0 ? offset : lastBroken;
    return null;
  }

  /** How many bytes before a commit's frame its digest covers as well. */
  static long tailLength(byte[] frame) {
    ByteBuffer suffix = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    return Integer.toUnsignedLong(suffix.getInt(frame.length - Format.COMMIT_SUFFIX + 1));
  }

  /** Whether the digest of a commit's frame over its tail and itself is right. */
  static boolean isWhole(HostFile file, long offset, byte[] frame) throws IOException {
    long tail = tailLength(frame);
    int digestAt = frame.length - Format.COMMIT_SUFFIX + Format.COMMIT_SUFFIX_DIGEST;
    byte[] computed = digest(file, offset - tail, tail, frame, digestAt);
    byte[] stored = Arrays.copyOfRange(frame, digestAt + 2, digestAt + 2 + Format.DIGEST);
    return io.fspf.internal.crypto.Sha256.equal(computed, stored);
  }

  private static byte[] digest(HostFile file, long from, long length, byte[] frame, int covered)
      throws IOException {
    Hasher hasher = Sha256.hasher();
    byte[] piece = new byte[(int) Math.min(length, 64 << 10)];
    for (long at = 0; at < length; ) {
      int size = (int) Math.min(piece.length, length - at);
      int there = file.read(from + at, piece, 0, size);
      hasher.putBytes(piece, 0, there);
      if (there < size) {
        break;
      }
      at += size;
    }
    return hasher.putBytes(frame, 0, covered).hash().asBytes();
  }
}
