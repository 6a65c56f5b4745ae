package io.fspf.internal.file;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fspf.Integrity;
import io.fspf.IntegrityException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The records of 64 consecutive chunks of a file: which of them are stored, what binds their bytes,
 * and in which slots they stand.
 *
 * <p>Immutable and thread-safe; arrays that go in or come out are shared and never changed.
 */
public final class ChunkGroup {
  /** How many chunks a group has. */
  public static final int CHUNKS = 64;

  private final long present;
  private final byte[] records;
  private final int recordLength;
  private final long firstChunk;

  /** One for each stored chunk, in their order; null where each stands in the slot of its index. */
  private final long @Nullable [] slots;

  private ChunkGroup(
      long present, byte[] records, int recordLength, long firstChunk, long @Nullable [] slots) {
    this.present = present;
    this.records = records;
    this.recordLength = recordLength;
    this.firstChunk = firstChunk;
    this.slots = slots;
  }

  /** A group without chunks. */
  static ChunkGroup empty(long group, Integrity integrity) {
    return new ChunkGroup(0, new byte[0], recordLength(integrity), group * CHUNKS, null);
  }

  /** The length of one chunk's record, in bytes. */
  static int recordLength(Integrity integrity) {
    return switch (integrity) {
      case SHA256 -> 32;
      case GMAC, GCM -> 28;
      case GCM_SHA256 -> 60;
    };
  }

  /**
   * Reads a record of the tree.
   *
   * @throws IntegrityException if it is no chunk group: the writer was not of this format
   */
  public static ChunkGroup decode(byte[] value, long group, Integrity integrity)
      throws IntegrityException {
    io.fspf.internal.format.ChunkGroup message;
    try {
      message = io.fspf.internal.format.ChunkGroup.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IntegrityException(null, -1, "a chunk group is malformed", e);
    }
    int recordLength = recordLength(integrity);
    ByteString bits = message.getPresent();
    boolean wellFormed =
        message.getUnknownFields().asMap().isEmpty()
            && bits.size() >= 1
            && bits.size() <= 8
            && bits.byteAt(bits.size() - 1) != 0;
    long present = 0;
    if (wellFormed) {
      for (int i = 0; i < bits.size(); i++) {
        present |= (bits.byteAt(i) & 0xFFL) << (8 * i);
      }
    }
    int count = Long.bitCount(present);
    wellFormed &=
        message.getRecords().size() == count * recordLength
            && (message.getSlotsCount() == 0 || message.getSlotsCount() == count)
            && message.getSlotsList().stream().noneMatch(slot -> slot < 0 || slot > MAX_SLOT);
    if (!wellFormed) {
      throw new IntegrityException(null, -1, "a chunk group is malformed");
    }
    long[] slots =
        message.getSlotsCount() == 0
            ? null
            : message.getSlotsList().stream().mapToLong(Long::longValue).toArray();
    return new ChunkGroup(
        present, message.getRecords().toByteArray(), recordLength, group * CHUNKS, slots);
  }

  /** Positions in an object file stay below 2^63 even with the largest chunks. */
  private static final long MAX_SLOT = Long.MAX_VALUE >> 24;

  /** The record for the tree; only of a group that is not {@linkplain #isEmpty empty}. */
  public byte[] encode() {
    var bits = new byte[(64 - Long.numberOfLeadingZeros(present) + 7) / 8];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (byte) (present >>> (8 * i));
    }
    var message =
        io.fspf.internal.format.ChunkGroup.newBuilder()
            .setPresent(ByteString.copyFrom(bits))
            .setRecords(ByteString.copyFrom(records));
    if (slots != null) {
      for (long slot : slots) {
        message.addSlots(slot);
      }
    }
    return message.build().toByteArray();
  }

  /** Whether no chunk is stored. */
  public boolean isEmpty() {
    return present == 0;
  }

  /** Whether the chunk is stored; one that is not is a hole. */
  boolean has(long chunk) {
    return (present & bit(chunk)) != 0;
  }

  /** The stored chunks: bit i stands for chunk i of the group. */
  long present() {
    return present;
  }

  /** The chunk that bit 0 stands for. */
  long firstChunk() {
    return firstChunk;
  }

  /** The array that {@link #recordOffset} points into. */
  byte[] records() {
    return records;
  }

  /** Where the record of a stored chunk begins. */
  int recordOffset(long chunk) {
    return rank(chunk) * recordLength;
  }

  /** How long each record is, in bytes. */
  int recordLength() {
    return recordLength;
  }

  /** A copy of the record of a stored chunk. */
  byte[] record(long chunk) {
    int at = recordOffset(chunk);
    return Arrays.copyOfRange(records, at, at + recordLength);
  }

  /** Whether both store this very version of the chunk. */
  boolean hasRecordOf(ChunkGroup other, long chunk) {
    if (this == other) {
      return true;
    }
    int here = recordOffset(chunk);
    int there = other.recordOffset(chunk);
    return has(chunk)
        && other.has(chunk)
        && Arrays.equals(
            records, here, here + recordLength, other.records, there, there + recordLength);
  }

  /** Where a stored chunk stands in the object file. */
  long slot(long chunk) {
    return slots == null ? chunk : slots[rank(chunk)];
  }

  /**
   * How many chunks from {@code first} on, up to {@code max} and to the group's end, are stored and
   * stand in slots that follow each other.
   */
  int row(long first, int max) {
    int stored = Long.numberOfTrailingZeros(~(present >>> (first % CHUNKS)));
    int most = Math.min(max, stored);
    if (slots == null) {
      return most;
    }
    int rank = rank(first);
    int count = Math.min(1, most);
    while (count < most && slots[rank + count] == slots[rank] + count) {
      count++;
    }
    return count;
  }

  /** This group with a chunk added or replaced. */
  ChunkGroup with(long chunk, byte[] record, long slot) {
    int rank = rank(chunk);
    int replaced = has(chunk) ? 1 : 0;
    int count = Long.bitCount(present);
    var newRecords = new byte[(count + 1 - replaced) * recordLength];
    int at = rank * recordLength;
    System.arraycopy(records, 0, newRecords, 0, at);
    System.arraycopy(record, 0, newRecords, at, recordLength);
    int from = (rank + replaced) * recordLength;
    System.arraycopy(records, from, newRecords, at + recordLength, records.length - from);
    long[] newSlots = slots;
    if (slots != null || slot != chunk) {
      long[] old = slots == null ? ownSlots() : slots;
      newSlots = new long[count + 1 - replaced];
      System.arraycopy(old, 0, newSlots, 0, rank);
      newSlots[rank] = slot;
      System.arraycopy(old, rank + replaced, newSlots, rank + 1, count - rank - replaced);
    }
    return new ChunkGroup(present | bit(chunk), newRecords, recordLength, firstChunk, newSlots);
  }

  /** This group with a chunk taken out. */
  ChunkGroup without(long chunk) {
    if (!has(chunk)) {
      return this;
    }
    int rank = rank(chunk);
    int count = Long.bitCount(present);
    var newRecords = new byte[(count - 1) * recordLength];
    int at = rank * recordLength;
    System.arraycopy(records, 0, newRecords, 0, at);
    System.arraycopy(records, at + recordLength, newRecords, at, newRecords.length - at);
    long[] newSlots = null;
    if (slots != null) {
      newSlots = new long[count - 1];
      System.arraycopy(slots, 0, newSlots, 0, rank);
      System.arraycopy(slots, rank + 1, newSlots, rank, count - 1 - rank);
    }
    return new ChunkGroup(present & ~bit(chunk), newRecords, recordLength, firstChunk, newSlots);
  }

  private long[] ownSlots() {
    var own = new long[Long.bitCount(present)];
    int at = 0;
    for (long rest = present; rest != 0; rest &= rest - 1) {
      own[at++] = firstChunk + Long.numberOfTrailingZeros(rest);
    }
    return own;
  }

  private int rank(long chunk) {
    return Long.bitCount(present & (bit(chunk) - 1));
  }

  private static long bit(long chunk) {
    return 1L << (chunk % CHUNKS);
  }
}
