package io.fspf.internal.tree;

import com.google.common.io.BaseEncoding;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fspf.IntegrityException;
import io.fspf.RootTag;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.format.Header;
import io.fspf.internal.format.KeySlot;
import io.fspf.internal.format.MetadataSeal;
import io.fspf.internal.format.PassphraseSlot;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header of an fspf file: well-formed and within bounds, but authentic only once a commit with
 * the expected root tag, or one that opens under the key, was found. Immutable.
 */
public final class VolumeHeader {
  /** The costs of a passphrase slot that are still carried out for a file of unknown origin. */
  private static final int MAX_ARGON2_MEMORY_KIB = 2 << 20;

  private static final long MAX_ARGON2_WORK = 1L << 24;
  private static final int MAX_ARGON2_PARALLELISM = 255;

  private final Header message;
  private final byte[] frame;
  private final byte[] digest;

  private VolumeHeader(Header message, byte[] frame) {
    this.message = message;
    this.frame = frame;
    this.digest = Sha256.of(frame);
  }

  /** The header of a new file. */
  static VolumeHeader of(HeaderFields fields, @Nullable MetadataKeys keys) {
    Header.Builder header =
        Header.newBuilder()
            .setMagic(Format.MAGIC)
            .setFormatVersion(Format.VERSION)
            .setVolumeId(fields.volumeId())
            .setMetadataSeal(
                keys == null
                    ? MetadataSeal.METADATA_SEAL_NONE
                    : MetadataSeal.METADATA_SEAL_AES_256_GCM)
            .setSalt(fields.salt())
            .addAllKeySlots(fields.keySlots());
    if (keys != null) {
      header.setKeyCommitment(ByteString.copyFrom(keys.commitment()));
    }
    byte[] frame = Frames.of(Format.HEADER_TAG, header.build().toByteArray());
    try {
      return parse(frame);
    } catch (IntegrityException e) {
      throw new IllegalArgumentException("Not a header: " + e.reason(), e);
    }
  }

  /** Reads and checks the header at the start of a file. No key is needed. */
  static VolumeHeader read(HostFile file) throws IOException {
    byte[] start = Frames.read(file, 0, Format.MAX_HEADER_FRAME);
    // The length is read from the private copy only.
    for (int length = 2, size = 0; length <= Math.min(start.length, 6); length++) {
      size |= (start[length - 1] & 0x7F) << (7 * (length - 2));
      if (start[length - 1] >= 0) {
        if (size < 0 || size > start.length - length) {
          break;
        }
        return parse(Arrays.copyOf(start, length + size));
      }
    }
    throw bad("not an fspf file, or cut within the header");
  }

  private static VolumeHeader parse(byte[] frame) throws IntegrityException {
    int start = Frames.messageStart(frame, Format.HEADER_TAG);
    if (start < 0 || frame.length > Format.MAX_HEADER_FRAME) {
      throw bad("not an fspf file: no header frame at its start");
    }
    Header header;
    try {
      header = Header.parseFrom(ByteString.copyFrom(frame, start, frame.length - start));
    } catch (InvalidProtocolBufferException e) {
      throw bad("not an fspf file: the header is no protobuf message");
    }
    if (!header.getMagic().equals(Format.MAGIC)) {
      throw bad("not an fspf file: wrong magic bytes");
    }
    if (header.getFormatVersion() != Format.VERSION) {
      throw bad(
          "format version "
              + Integer.toUnsignedString(header.getFormatVersion())
              + " is not known here");
    }
    require(isPlain(header, frame, start), "unknown fields, or not in the one encoding");
    require(header.getVolumeId().size() == Format.VOLUME_ID, "the volume id is not of 16 bytes");
    switch (header.getMetadataSeal()) {
      case METADATA_SEAL_NONE -> {
        require(header.getSalt().isEmpty(), "a salt without a key");
        require(header.getKeyCommitment().isEmpty(), "a key commitment without a key");
        require(header.getKeySlotsCount() == 0, "key slots without a key");
      }
      case METADATA_SEAL_AES_256_GCM -> {
        require(header.getSalt().size() == Format.SALT, "the salt is not of 32 bytes");
        require(
            header.getKeyCommitment().size() == Format.DIGEST,
            "the key commitment is not of 32 bytes");
        require(header.getKeySlotsCount() <= Format.MAX_KEY_SLOTS, "more than 16 key slots");
        for (KeySlot slot : header.getKeySlotsList()) {
          checkSlot(slot);
        }
      }
      default -> throw bad("the metadata seal is not known here");
    }
    return new VolumeHeader(header, frame);
  }

  /** Whether serialising the message gives its bytes again, with every field declared. */
  private static boolean isPlain(Header header, byte[] frame, int start) {
    if (!header.getUnknownFields().asMap().isEmpty()) {
      return false;
    }
    for (KeySlot slot : header.getKeySlotsList()) {
      if (!slot.getUnknownFields().asMap().isEmpty()
          || !slot.getPassphrase().getUnknownFields().asMap().isEmpty()) {
        return false;
      }
    }
    byte[] again = header.toByteArray();
    return Arrays.equals(again, 0, again.length, frame, start, frame.length);
  }

  private static void checkSlot(KeySlot slot) throws IntegrityException {
    require(slot.getKindCase() == KeySlot.KindCase.PASSPHRASE, "a key slot of no known kind");
    PassphraseSlot passphrase = slot.getPassphrase();
    long memory = Integer.toUnsignedLong(passphrase.getMemoryKib());
    long iterations = Integer.toUnsignedLong(passphrase.getIterations());
    long parallelism = Integer.toUnsignedLong(passphrase.getParallelism());
    require(
        parallelism >= 1
            && parallelism <= MAX_ARGON2_PARALLELISM
            && memory >= 8 * parallelism
            && memory <= MAX_ARGON2_MEMORY_KIB
            && iterations >= 1
            && memory * iterations <= MAX_ARGON2_WORK,
        "a key slot's costs are out of range");
    require(
        passphrase.getSalt().size() == 16
            && passphrase.getNonce().size() == Format.NONCE
            && passphrase.getWrappedKey().size() == 32 + Format.TAG,
        "a key slot's parts are of wrong lengths");
  }

  private static void require(boolean condition, String otherwise) throws IntegrityException {
    if (!condition) {
      throw bad("header: " + otherwise);
    }
  }

  private static IntegrityException bad(String reason) {
    return IntegrityException.inMetadata(0, reason);
  }

  /** Whether nodes and commits are sealed, so that a volume key is needed. */
  public boolean isSealed() {
    return message.getMetadataSeal() == MetadataSeal.METADATA_SEAL_AES_256_GCM;
  }

  /** 16 bytes. */
  public ByteString volumeId() {
    return message.getVolumeId();
  }

  /** The volume's id in hex, its name towards tag stores. */
  public String volumeName() {
    return BaseEncoding.base16().lowerCase().encode(volumeId().toByteArray());
  }

  /** 32 bytes, or none without a key. */
  public ByteString salt() {
    return message.getSalt();
  }

  /** 32 bytes, or none without a key. */
  public ByteString keyCommitment() {
    return message.getKeyCommitment();
  }

  /** The ways to the volume key, within bounds. */
  public List<KeySlot> keySlots() {
    return message.getKeySlotsList();
  }

  /** The length of the header's frame, in bytes. */
  public int length() {
    return frame.length;
  }

  /** The frame as stored; not to be changed. */
  byte[] frame() {
    return frame;
  }

  /** The root tag of a commit frame that stands in this file. */
  RootTag tagOf(byte[] commitFrame) {
    return RootTag.ofBytes(Sha256.of(Format.rootTagLabel(), frame, commitFrame));
  }

  /** {@code label ‖ SHA-256(header frame) ‖ offset}, with {@code more} zero bytes behind. */
  byte[] aad(byte[] label, long offset, int more) {
    byte[] aad = new byte[label.length + digest.length + Long.BYTES + more];
    ByteBuffer.wrap(aad).put(label).put(digest).putLong(offset);
    return aad;
  }
}
