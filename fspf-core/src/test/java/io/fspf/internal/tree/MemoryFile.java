package io.fspf.internal.tree;

import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A host file in memory that counts, fails on demand, and can be crashed. */
final class MemoryFile implements HostFile {
  private static final int SECTOR = 512;

  /** A write, or a change of size. */
  private static final class Operation {
    final long position;
    final byte[] bytes;
    final boolean isSize;

    Operation(long position, byte[] bytes, boolean isSize) {
      this.position = position;
      this.bytes = bytes;
      this.isSize = isSize;
    }
  }

  private byte[] image;
  private int size;
  private byte[] durable;
  private final List<Operation> unsynced = new ArrayList<>();
  private final boolean crashable;

  int writes;
  int syncs;
  int reads;
  long bytesRead;
  long bytesWritten;
  boolean failWrites;
  boolean failSyncs;

  /** How many syncs succeed before the host fails all of them. */
  int goodSyncs = Integer.MAX_VALUE;

  boolean closed;

  MemoryFile() {
    this(new byte[0], false);
  }

  MemoryFile(byte[] bytes) {
    this(bytes, false);
  }

  private MemoryFile(byte[] bytes, boolean crashable) {
    this.image = bytes.clone();
    this.size = bytes.length;
    this.durable = bytes.clone();
    this.crashable = crashable;
  }

  /** One that remembers what is not durable. */
  static MemoryFile crashable(byte[] bytes) {
    return new MemoryFile(bytes, true);
  }

  synchronized byte[] bytes() {
    return Arrays.copyOf(image, size);
  }

  /**
   * What a crash now leaves: what was synced, and of the rest any operations, in any order, and of
   * each write any sectors.
   */
  synchronized byte[] crash(Random random) {
    MemoryFile after = new MemoryFile(durable);
    List<Operation> operations = new ArrayList<>(unsynced);
    if (random.nextBoolean()) {
      Collections.shuffle(operations, random);
    }
    for (Operation operation : operations) {
      if (random.nextInt(4) == 0) {
        continue;
      }
      if (operation.isSize) {
        after.resize((int) operation.position);
        continue;
      }
      boolean torn = random.nextBoolean();
      long position = operation.position;
      int at = 0;
      while (at < operation.bytes.length) {
        int length = (int) Math.min(SECTOR - (position + at) % SECTOR, operation.bytes.length - at);
        if (!torn || random.nextBoolean()) {
          after.put(position + at, operation.bytes, at, length);
        }
        at += length;
      }
    }
    return after.bytes();
  }

  @Override
  public synchronized int read(long position, byte[] into, int offset, int length) {
    reads++;
    int there = (int) Math.max(0, Math.min(length, size - position));
    bytesRead += there;
    if (there > 0) {
      System.arraycopy(image, (int) position, into, offset, there);
    }
    return there;
  }

  @Override
  public synchronized void write(long position, byte[] from, int offset, int length)
      throws IOException {
    writes++;
    if (failWrites) {
      throw new IOException("The host says no");
    }
    bytesWritten += length;
    put(position, from, offset, length);
    if (crashable) {
      unsynced.add(
          new Operation(position, Arrays.copyOfRange(from, offset, offset + length), false));
    }
  }

  private void put(long position, byte[] from, int offset, int length) {
    int end = Math.toIntExact(position + length);
    if (end > size) {
      resize(end);
    }
    System.arraycopy(from, offset, image, (int) position, length);
  }

  private void resize(int to) {
    if (to > image.length) {
      image = Arrays.copyOf(image, Math.max(to, image.length + image.length / 2));
    } else if (to < size) {
      Arrays.fill(image, to, size, (byte) 0);
    }
    size = to;
  }

  @Override
  public synchronized long size() {
    return size;
  }

  @Override
  public synchronized void setSize(long to) {
    resize(Math.toIntExact(to));
    if (crashable) {
      unsynced.add(new Operation(to, new byte[0], true));
    }
  }

  @Override
  public synchronized void sync() throws IOException {
    syncs++;
    if (failSyncs || --goodSyncs < 0) {
      throw new IOException("The host could not sync");
    }
    if (crashable) {
      durable = bytes();
      unsynced.clear();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
