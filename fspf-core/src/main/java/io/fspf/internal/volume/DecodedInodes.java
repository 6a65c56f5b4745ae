package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.internal.format.FileType;
import io.fspf.internal.format.Inode;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A few inodes, decoded, with the records that they stand for: directories that were read, since
 * every path leads through some of them, and whatever was written, since it is soon read again.
 *
 * <p>A record is compared with the one that was decoded, so that nothing here can be out of date.
 * Thread-safe.
 */
final class DecodedInodes {
  private static final int SLOTS = 256;

  private record Decoded(byte[] record, Inode inode) {}

  private final AtomicReferenceArray<@Nullable Decoded> slots = new AtomicReferenceArray<>(SLOTS);

  private static int slot(long number) {
    return Math.floorMod(number, SLOTS);
  }

  /** The inode that a record stands for. */
  Inode inode(long number, byte[] record) throws IntegrityException {
    Decoded known = slots.get(slot(number));
    if (known != null && Arrays.equals(known.record, record)) {
      return known.inode;
    }
    Inode inode = Records.inode(record);
    if (inode.getType() == FileType.FILE_TYPE_DIRECTORY) {
      slots.set(slot(number), new Decoded(record, inode));
    }
    return inode;
  }

  /** The record of an inode that is going to be written. */
  byte[] encoded(long number, Inode inode) {
    byte[] record = inode.toByteArray();
    slots.set(slot(number), new Decoded(record, inode));
    return record;
  }
}
