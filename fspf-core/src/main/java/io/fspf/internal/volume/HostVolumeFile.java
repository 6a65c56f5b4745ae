package io.fspf.internal.volume;

import io.fspf.FileAttributes;
import io.fspf.VolumeFile;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.NoSuchFileException;
import java.util.Set;

/**
 * A handle on a file of a region that is passed through: nothing is hidden, nothing verified.
 * Thread-safe.
 */
final class HostVolumeFile implements VolumeFile {
  /** Looks up the attributes of what has the file's name now. */
  interface AttributeSource {
    FileAttributes attributes() throws IOException;
  }

  private final HostFile file;
  private final OpenFlags flags;
  private final AttributeSource attributes;
  private final FileAttributes atOpening;
  private final Object appends;
  private final Set<HostVolumeFile> open;
  private volatile boolean closed;

  /**
   * A handle.
   *
   * @param open the volume's handles of this kind; this one is among them until it is closed
   * @param appends held while something is appended, the same for all handles that may be of one
   *     file: between asking for its end and writing there nobody else may
   */
  HostVolumeFile(
      HostFile file,
      OpenFlags flags,
      AttributeSource attributes,
      Set<HostVolumeFile> open,
      Object appends)
      throws IOException {
    this.file = file;
    this.flags = flags;
    this.attributes = attributes;
    this.atOpening = attributes.attributes();
    this.appends = appends;
    this.open = open;
    open.add(this);
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

  private int writeAt(ByteBuffer from, long position) throws IOException {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    file.write(position, bytes, 0, bytes.length);
    if (flags.sync()) {
      file.sync();
    }
    return bytes.length;
  }

  @Override
  public long append(ByteBuffer from) throws IOException {
    checkWritable();
    synchronized (appends) {
      long end = file.size();
      writeAt(from, end);
      return end;
    }
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
    try {
      FileAttributes now = attributes.attributes();
      if (now.inode() == atOpening.inode()) {
        return now;
      }
    } catch (NoSuchFileException e) {
      // It has lost its name, or that belongs to another file.
    }
    return withSize(atOpening, file.size());
  }

  private static FileAttributes withSize(FileAttributes of, long size) {
    return new FileAttributes(
        of.type(),
        of.inode(),
        size,
        of.mode(),
        of.uid(),
        of.gid(),
        of.links(),
        of.modified(),
        of.accessed(),
        of.changed(),
        of.created());
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
      open.remove(this);
      file.close();
    }
  }
}
