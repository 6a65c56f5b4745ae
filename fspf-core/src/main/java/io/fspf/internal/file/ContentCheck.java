package io.fspf.internal.file;

import io.fspf.IntegrityException;
import java.io.IOException;
import java.util.function.LongConsumer;

/**
 * Compares all of one file's stored chunks with their records, and goes on behind a violation.
 *
 * <p>Under the content's lock, which readers share.
 */
final class ContentCheck {
  private final FileShape shape;
  private final ContentServices services;
  private final ChunkRecords records;
  private final StoredChunks stored;
  private final FileContent.DamageListener damage;

  ContentCheck(
      FileShape shape,
      ContentServices services,
      ChunkRecords records,
      StoredChunks stored,
      FileContent.DamageListener damage) {
    this.shape = shape;
    this.services = services;
    this.records = records;
    this.stored = stored;
    this.damage = damage;
  }

  /**
   * Checks every stored chunk of the groups {@code from} to {@code to - 1}.
   *
   * @param progress told the number of bytes checked, again and again
   * @return how many bytes there were
   */
  long check(long from, long to, LongConsumer progress) throws IOException {
    long checked = 0;
    for (long g = records.nextCommitted(from); g >= 0 && g < to; g = records.nextCommitted(g + 1)) {
      ChunkGroup group = records.group(g);
      for (long rest = group.present(); rest != 0; ) {
        int index = Long.numberOfTrailingZeros(rest);
        long chunk = group.firstChunk() + index;
        int count = row(group, chunk);
        int length = shape.length(chunk, count);
        check(group, chunk, count);
        checked += length;
        progress.accept(length);
        rest &= index + count < Long.SIZE ? -1L << (index + count) : 0;
      }
    }
    return checked;
  }

  /** How many chunks from this one on are checked together. */
  private int row(ChunkGroup group, long chunk) throws IntegrityException {
    int count = stored.row(group, chunk, ChunkGroup.CHUNKS);
    while (count > 0 && shape.length(chunk + count - 1) <= 0) {
      count--;
    }
    if (count == 0) {
      throw new IntegrityException(
          shape.path(), shape.size(), "a chunk lies behind the end of the file");
    }
    return count;
  }

  private void check(ChunkGroup group, long first, int count) throws IOException {
    try {
      byte[] clear =
          stored.source(first).read(shape.path(), group, first, shape.length(first, count));
      services.buffers().give(clear);
    } catch (IntegrityException e) {
      if (count == 1) {
        damage.damaged(e.offset().orElse(first * shape.chunkSize()), e.reason());
        return;
      }
      for (int i = 0; i < count; i++) {
        check(group, first + i, 1);
      }
    }
  }
}
