package io.fspf.internal.tree;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;

/** The numbers of the format, as docs/format.md gives them. */
final class Format {
  static final ByteString MAGIC = ByteString.copyFrom("FSPFv1\r\n", US_ASCII);
  static final int VERSION = 1;

  /** Protobuf tags (field number and wire type) of the three frames. */
  static final int HEADER_TAG = 0x0A;

  static final int NODE_TAG = 0x12;
  static final int COMMIT_TAG = 0x1A;

  /** The longest frames, in bytes, tag and length included. */
  static final int MAX_HEADER_FRAME = 16 << 10;

  static final int MAX_NODE_FRAME = 1 << 20;
  static final int MAX_COMMIT_FRAME = 4 << 10;

  static final int MAX_TAIL = 4 << 20;

  /** The most bytes of nodes that a writer appends before it commits them. */
  static final long MAX_UNCOMMITTED = 8L << 30;

  /**
   * How far behind the last whole commit a file may go on: what a writer that crashed may have left
   * there, with room to spare. A host can make a file of zeros as long as it likes at no cost.
   */
  static final long MAX_BEHIND_HEAD = 9L << 30;

  static final int MAX_LEVEL = 15;
  static final int MAX_KEY = 512;
  static final int MAX_VALUE = 256 << 10;
  static final int MAX_KEY_SLOTS = 16;

  static final int VOLUME_ID = 16;
  static final int SALT = 32;
  static final int NONCE = 12;
  static final int TAG = 16;
  static final int DIGEST = 32;

  /**
   * The end of every commit frame: {@code 1D tail_length(4) 21 offset(8) 2A 20 digest(32) 31
   * trailer(8)}.
   */
  static final int COMMIT_SUFFIX = 57;

  /** Where, in the suffix, the digest's field begins: what is before it is under the digest. */
  static final int COMMIT_SUFFIX_DIGEST = 14;

  /** The bytes "FSPFcmt1" as the little-endian integer that the protobuf field holds. */
  static final long COMMIT_TRAILER = 0x31746D6346505346L;

  private static final byte[] NODE_LABEL = "fspf/v1/node".getBytes(US_ASCII);
  private static final byte[] COMMIT_LABEL = "fspf/v1/commit".getBytes(US_ASCII);
  private static final byte[] ROOT_TAG_LABEL = "fspf/v1/root-tag\0".getBytes(US_ASCII);

  private Format() {}

  static byte[] nodeLabel() {
    return NODE_LABEL.clone();
  }

  static byte[] commitLabel() {
    return COMMIT_LABEL.clone();
  }

  static byte[] rootTagLabel() {
    return ROOT_TAG_LABEL.clone();
  }
}
