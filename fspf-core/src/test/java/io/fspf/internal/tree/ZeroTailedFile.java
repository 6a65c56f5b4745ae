package io.fspf.internal.tree;

import io.fspf.internal.host.HostFile;
import java.util.Arrays;

/** A file for reading that goes on with zeros behind some bytes, as a sparse one does. */
final class ZeroTailedFile implements HostFile {
  private final byte[] start;
  private final long size;

  ZeroTailedFile(byte[] start, long size) {
    this.start = start;
    this.size = size;
  }

  @Override
  public int read(long position, byte[] into, int offset, int length) {
    int count = (int) Math.max(0, Math.min(length, size - position));
    int real = (int) Math.max(0, Math.min(count, start.length - position));
    if (real > 0) {
      System.arraycopy(start, (int) position, into, offset, real);
    }
    Arrays.fill(into, offset + real, offset + count, (byte) 0);
    return count;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void write(long position, byte[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setSize(long newSize) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sync() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
