package io.fspf.internal.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A file's bytes: as they are read now, as they are safe on the disk, and every version of each
 * sector in between.
 *
 * <p>A sector of 512 bytes is written whole or not at all. Whatever was not synced may be on the
 * disk or not, each sector for itself, in any version that it ever had; so single writes get lost,
 * tear and overtake each other. Sectors are never changed once they are made, so copies share them.
 */
final class SimulatedContent {
  static final int SECTOR = 512;

  private static final byte[] ZEROS = new byte[SECTOR];

  private byte[][] cached;
  private long size;
  private byte[][] durable;
  private long durableSize;

  /** The versions of each sector since it was durable; the last one is the cached one. */
  private final TreeMap<Integer, List<byte[]>> versions = new TreeMap<>();

  private final List<Long> sizes = new ArrayList<>();

  /**
   * Sectors of a failed sync: the host believes that they are clean, so no later sync writes them.
   */
  private final Set<Integer> doubtful = new TreeSet<>();

  private boolean sizeDoubtful;

  SimulatedContent() {
    this(new byte[0][], 0);
  }

  /** Content that is durable as it is. */
  private SimulatedContent(byte[][] sectors, long size) {
    cached = sectors;
    durable = sectors.clone();
    this.size = size;
    durableSize = size;
  }

  /** Content that is durable as it is. */
  static SimulatedContent durable(byte[] bytes) {
    var content = new SimulatedContent();
    content.replace(bytes);
    return content;
  }

  SimulatedContent copy() {
    var copy = new SimulatedContent(cached.clone(), size);
    copy.durable = durable.clone();
    copy.durableSize = durableSize;
    versions.forEach((sector, list) -> copy.versions.put(sector, new ArrayList<>(list)));
    copy.sizes.addAll(sizes);
    copy.doubtful.addAll(doubtful);
    copy.sizeDoubtful = sizeDoubtful;
    return copy;
  }

  long size() {
    return size;
  }

  int read(long position, byte[] into, int offset, int length) {
    int count = (int) Math.max(0, Math.min(length, size - position));
    for (int done = 0; done < count; ) {
      int sector = Math.toIntExact((position + done) / SECTOR);
      int within = (int) ((position + done) % SECTOR);
      int piece = Math.min(SECTOR - within, count - done);
      System.arraycopy(at(cached, sector), within, into, offset + done, piece);
      done += piece;
    }
    return count;
  }

  byte[] bytes() {
    byte[] bytes = new byte[Math.toIntExact(size)];
    read(0, bytes, 0, bytes.length);
    return bytes;
  }

  void write(long position, byte[] from, int offset, int length) {
    for (int done = 0; done < length; ) {
      int sector = Math.toIntExact((position + done) / SECTOR);
      int within = (int) ((position + done) % SECTOR);
      int piece = Math.min(SECTOR - within, length - done);
      byte[] next = new byte[SECTOR];
      if (piece < SECTOR) {
        System.arraycopy(at(cached, sector), 0, next, 0, SECTOR);
      }
      System.arraycopy(from, offset + done, next, within, piece);
      set(sector, next);
      done += piece;
    }
    if (length > 0 && position + length > size) {
      changeSize(position + length);
    }
  }

  void setSize(long newSize) {
    if (newSize == size) {
      return;
    }
    for (int sector = (int) (newSize / SECTOR);
        sector < cached.length && newSize < size;
        sector++) {
      int kept = (int) Math.max(0, Math.min(SECTOR, newSize - (long) sector * SECTOR));
      if (kept == 0) {
        set(sector, ZEROS);
      } else {
        set(sector, Arrays.copyOf(Arrays.copyOf(at(cached, sector), kept), SECTOR));
      }
    }
    changeSize(newSize);
  }

  private void changeSize(long newSize) {
    size = newSize;
    sizes.add(newSize);
    sizeDoubtful = false;
  }

  private void set(int sector, byte[] bytes) {
    cached = put(cached, sector, bytes);
    versions.computeIfAbsent(sector, s -> new ArrayList<>(1)).add(bytes);
    doubtful.remove(sector);
  }

  private static byte[][] put(byte[][] sectors, int sector, byte[] bytes) {
    byte[][] result = sectors;
    if (sector >= sectors.length) {
      result = Arrays.copyOf(sectors, Math.max(sector + 1, sectors.length + (sectors.length >> 1)));
    }
    result[sector] = bytes;
    return result;
  }

  private static byte[] at(byte[][] sectors, int sector) {
    byte @Nullable [] bytes = sector < sectors.length ? sectors[sector] : null;
    return bytes == null ? ZEROS : bytes;
  }

  /** Everything but what a failed sync left in doubt becomes durable. */
  void sync() {
    for (var entries = versions.entrySet().iterator(); entries.hasNext(); ) {
      Map.Entry<Integer, List<byte[]>> entry = entries.next();
      if (!doubtful.contains(entry.getKey())) {
        durable = put(durable, entry.getKey(), entry.getValue().get(entry.getValue().size() - 1));
        entries.remove();
      }
    }
    if (!sizeDoubtful) {
      durableSize = size;
      sizes.clear();
    }
  }

  /** What is not durable yet may never be, unless it is written anew. */
  void failSync() {
    doubtful.addAll(versions.keySet());
    sizeDoubtful = !sizes.isEmpty();
  }

  boolean isDurable() {
    return versions.isEmpty() && sizes.isEmpty();
  }

  /** Puts other bytes in this place, at once durable: what an adversary does to the disk. */
  void replace(byte[] bytes) {
    cached = new byte[0][];
    size = 0;
    write(0, bytes, 0, bytes.length);
    versions.clear();
    sizes.clear();
    doubtful.clear();
    sizeDoubtful = false;
    durable = cached.clone();
    durableSize = size;
  }

  /** Takes over another content, at once durable, and shares its sectors. */
  void replace(SimulatedContent other) {
    versions.clear();
    sizes.clear();
    doubtful.clear();
    sizeDoubtful = false;
    cached = other.cached.clone();
    durable = cached.clone();
    size = other.size;
    durableSize = size;
  }

  /** What is on the disk after a crash. */
  SimulatedContent afterCrash(Fate fate) {
    if (isDurable()) {
      return new SimulatedContent(durable.clone(), durableSize);
    }
    int version = fate.version(sizes.size());
    long newSize = version == 0 ? durableSize : sizes.get(version - 1);
    byte[][] sectors = durable.clone();
    for (Map.Entry<Integer, List<byte[]>> entry : versions.entrySet()) {
      int sector = entry.getKey();
      int chosen = fate.version(entry.getValue().size());
      if (chosen > 0) {
        sectors = put(sectors, sector, entry.getValue().get(chosen - 1));
      } else if ((long) sector * SECTOR >= durableSize) {
        byte[] fresh = new byte[SECTOR];
        fate.fresh(fresh);
        sectors = put(sectors, sector, fresh);
      }
    }
    var result = new SimulatedContent(sectors, Math.max(newSize, (long) sectors.length * SECTOR));
    result.setSize(newSize);
    result.sync();
    return result;
  }
}
