package io.fspf.internal.volume;

import io.fspf.FileAttributes;
import io.fspf.VolumeFile;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;

/**
 * A handle on a file of a region that is passed through: nothing is hidden, nothing verified.
 * Thread-safe.
 */
final class HostVolumeFile implements VolumeFile {
  /** Looks up the file's attributes. */
  interface AttributeSource {
    FileAttributes attributes() throws IOException;
  }

  private final HostFile file;
  private final OpenFlags flags;
  private final AttributeSource attributes;
  private volatile boolean closed;

  HostVolumeFile(HostFile file, OpenFlags flags, AttributeSource attributes) {
    this.file = file;
    this.flags = flags;
    this.attributes = attributes;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    checkOpen();
    if (!flags.read()) {
      throw new NonReadableChannelException();
    }
    if (!into.hasRemaining()) {
      return 0;
    }
    int got;
    if (into.hasArray()) {
      int at = into.arrayOffset() + into.position();
      got = file.read(position, into.array(), at, into.remaining());
      into.position(into.position() + got);
    } else {
      byte[] bytes = new byte[Math.min(into.remaining(), 64 << 10)];
      got = file.read(position, bytes, 0, bytes.length);
      into.put(bytes, 0, got);
    }
    return got == 0 ? -1 : got;
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    checkWritable();
    return writeAt(from, position);
  }

  private synchronized int writeAt(ByteBuffer from, long position) throws IOException {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    file.write(position, bytes, 0, bytes.length);
    if (flags.sync()) {
      file.sync();
    }
    return bytes.length;
  }

  @Override
  public synchronized long append(ByteBuffer from) throws IOException {
    checkWritable();
    long end = file.size();
    writeAt(from, end);
    return end;
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return file.size();
  }

  @Override
  public void setSize(long size) throws IOException {
    checkWritable();
    file.setSize(size);
  }

  @Override
  public FileAttributes attributes() throws IOException {
    checkOpen();
    return attributes.attributes();
  }

  @Override
  public void force() throws IOException {
    checkOpen();
    if (flags.write()) {
      file.sync();
    }
  }

  private void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  private void checkWritable() throws ClosedChannelException {
    checkOpen();
    if (!flags.write()) {
      throw new NonWritableChannelException();
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      file.close();
    }
  }
}
