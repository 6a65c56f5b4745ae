package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.Integrity;
import io.fspf.IntegrityException;
import io.fspf.Region;
import io.fspf.internal.file.ContentState;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.file.FileKeys;
import io.fspf.internal.format.DirectoryEntry;
import io.fspf.internal.format.Inode;
import io.fspf.internal.format.Time;
import java.time.Instant;
import java.util.Objects;

/**
 * Records of the tree to and from what they stand for. Whatever is not of this format is refused.
 */
public final class Records {
  private Records() {}

  /** Parses a record; unknown fields are refused. */
  static <M extends Message> M parse(Parser<M> parser, byte[] value) throws IntegrityException {
    M message;
    try {
      message = parser.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IntegrityException(null, -1, "a record is malformed", e);
    }
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw new IntegrityException(null, -1, "a record has unknown fields");
    }
    return message;
  }

  static Inode inode(byte[] value) throws IntegrityException {
    Inode inode = parse(Inode.parser(), value);
    boolean plausible =
        switch (inode.getType()) {
          case FILE_TYPE_DIRECTORY, FILE_TYPE_SYMLINK -> true;
          case FILE_TYPE_REGULAR ->
              inode.getIntegrity() == io.fspf.internal.format.Integrity.INTEGRITY_UNSPECIFIED
                  ? inode.getSize() == inode.getInline().size()
                  : isChunked(inode);
          default -> false;
        };
    if (!plausible
        || !isTime(inode.getModified())
        || !isTime(inode.getChanged())
        || !isTime(inode.getAccessed())
        || !isTime(inode.getCreated())) {
      throw new IntegrityException(null, -1, "an inode record is malformed");
    }
    return inode;
  }

  private static boolean isTime(Time time) {
    return time.getNanos() >= 0
        && time.getNanos() < 1_000_000_000
        && time.getSeconds() >= Instant.MIN.getEpochSecond()
        && time.getSeconds() <= Instant.MAX.getEpochSecond();
  }

  private static boolean isChunked(Inode inode) {
    int chunkSize = inode.getChunkSize();
    return inode.getIntegrity() != io.fspf.internal.format.Integrity.UNRECOGNIZED
        && inode.getInline().isEmpty()
        && inode.getFileId().size() == FileIdentity.FILE_ID_LENGTH
        && Integer.bitCount(chunkSize) == 1
        && chunkSize >= Region.MIN_CHUNK_SIZE
        && chunkSize <= Region.MAX_CHUNK_SIZE
        && inode.getSize() >= 0
        && inode.getObjectSize() >= 0;
  }

  static DirectoryEntry entry(byte[] value) throws IntegrityException {
    DirectoryEntry entry = parse(DirectoryEntry.parser(), value);
    if (entry.getInode() <= 0) {
      throw new IntegrityException(null, -1, "a directory entry is malformed");
    }
    return entry;
  }

  static FileType type(io.fspf.internal.format.FileType type) throws IntegrityException {
    return switch (type) {
      case FILE_TYPE_REGULAR -> FileType.REGULAR;
      case FILE_TYPE_DIRECTORY -> FileType.DIRECTORY;
      case FILE_TYPE_SYMLINK -> FileType.SYMLINK;
      default -> throw new IntegrityException(null, -1, "a record has an unknown file type");
    };
  }

  /** The type as records have it. */
  public static io.fspf.internal.format.FileType type(FileType type) {
    return switch (type) {
      case REGULAR -> io.fspf.internal.format.FileType.FILE_TYPE_REGULAR;
      case DIRECTORY -> io.fspf.internal.format.FileType.FILE_TYPE_DIRECTORY;
      case SYMLINK -> io.fspf.internal.format.FileType.FILE_TYPE_SYMLINK;
      case OTHER -> throw new IllegalArgumentException("No record for a special file");
    };
  }

  /** The time as records have it. */
  public static Time time(Instant instant) {
    return Time.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Instant instant(Time time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  static Integrity integrity(io.fspf.internal.format.Integrity integrity)
      throws IntegrityException {
    return switch (integrity) {
      case INTEGRITY_SHA256 -> Integrity.SHA256;
      case INTEGRITY_GMAC -> Integrity.GMAC;
      case INTEGRITY_GCM -> Integrity.GCM;
      case INTEGRITY_GCM_SHA256 -> Integrity.GCM_SHA256;
      default -> throw new IntegrityException(null, -1, "a record names an unknown integrity");
    };
  }

  /** The integrity as records have it. */
  public static io.fspf.internal.format.Integrity integrity(Integrity integrity) {
    return switch (integrity) {
      case SHA256 -> io.fspf.internal.format.Integrity.INTEGRITY_SHA256;
      case GMAC -> io.fspf.internal.format.Integrity.INTEGRITY_GMAC;
      case GCM -> io.fspf.internal.format.Integrity.INTEGRITY_GCM;
      case GCM_SHA256 -> io.fspf.internal.format.Integrity.INTEGRITY_GCM_SHA256;
    };
  }

  static FileAttributes attributes(long number, Inode inode) throws IntegrityException {
    FileType type = type(inode.getType());
    return new FileAttributes(
        type,
        number,
        type == FileType.SYMLINK ? inode.getTarget().size() : inode.getSize(),
        inode.getMode(),
        inode.getUid(),
        inode.getGid(),
        Integer.toUnsignedLong(inode.getLinks()),
        instant(inode.getModified()),
        instant(inode.getAccessed()),
        instant(inode.getChanged()),
        instant(inode.getCreated()));
  }

  /** What a regular file's record says of its content. */
  static ContentState content(Inode inode) throws IntegrityException {
    if (inode.getIntegrity() == io.fspf.internal.format.Integrity.INTEGRITY_UNSPECIFIED) {
      return ContentState.inline(inode.getInline().toByteArray());
    }
    var identity =
        new FileIdentity(
            inode.getRegion(),
            inode.getFileId().toByteArray(),
            inode.getKeyEpoch(),
            integrity(inode.getIntegrity()),
            inode.getChunkSize());
    return new ContentState(
        inode.getSize(),
        null,
        identity,
        inode.getFileKey().toByteArray(),
        inode.getKeyUses(),
        inode.getObjectSize());
  }

  /**
   * The same of a file in a region, whose protection no record of a file can exchange for another.
   */
  static ContentState content(Inode inode, MountedRegion region) throws IntegrityException {
    ContentState content = content(inode);
    FileIdentity identity = content.identity();
    if (identity != null
        && (identity.region() != region.id()
            || identity.isEncrypted() == region.isAuthenticated())) {
      throw new IntegrityException(null, -1, "a file is not protected as its region is");
    }
    return content;
  }

  /** Puts into a regular file's record what it says of its content. */
  public static void setContent(Inode.Builder inode, ContentState state) {
    inode.setSize(state.size());
    FileIdentity identity = state.identity();
    byte[] inline = state.inline();
    if (identity == null || inline != null) {
      inode
          .setInline(inline == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(inline))
          .clearIntegrity()
          .clearChunkSize()
          .clearFileId()
          .clearFileKey()
          .clearKeyEpoch()
          .clearKeyUses()
          .clearObjectSize();
      return;
    }
    inode
        .clearInline()
        .setIntegrity(integrity(identity.integrity()))
        .setChunkSize(identity.chunkSize())
        .setFileId(UnsafeByteOperations.unsafeWrap(identity.fileId()))
        .setFileKey(UnsafeByteOperations.unsafeWrap(state.storedKey()))
        .setKeyEpoch(identity.epoch())
        .setKeyUses(state.keyUses())
        .setObjectSize(state.objectSize());
  }

  /** A record under another volume key: file keys are wrapped anew, all else stays. */
  static byte[] rewrapped(byte[] key, byte[] value, FileKeys from, FileKeys to)
      throws IntegrityException {
    if (!Keys.matches(key, Keys.inodeOf(key), Keys.INODE)) {
      return value;
    }
    Inode inode = inode(value);
    if (inode.getFileKey().isEmpty()) {
      return value;
    }
    ContentState content = content(inode);
    FileIdentity identity = Objects.requireNonNull(content.identity());
    byte[] wrapped = to.rewrap(identity, content.storedKey(), from);
    return inode.toBuilder()
        .setFileKey(UnsafeByteOperations.unsafeWrap(wrapped))
        .build()
        .toByteArray();
  }
}
