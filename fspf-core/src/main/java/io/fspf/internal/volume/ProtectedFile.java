package io.fspf.internal.volume;

import io.fspf.FileAttributes;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A handle on an open file of a protected region. Thread-safe. */
final class ProtectedFile implements VolumeFile {
  /** What a handle asks of the view that opened it. */
  interface Owner {
    /** Whether the view is open. */
    boolean isOpen();

    /** Runs a change of the file's content. */
    <T> T change(OpenInode inode, Change<T> change) throws IOException;

    FileAttributes attributes(OpenInode inode) throws IOException;

    void force() throws IOException;

    void release(OpenInode inode) throws IOException;
  }

  /** A change of content. */
  interface Change<T> {
    T apply() throws IOException;
  }

  private final Owner owner;
  private final OpenInode inode;
  private final VolumePath path;
  private final OpenFlags flags;
  private final AtomicBoolean closed = new AtomicBoolean();

  ProtectedFile(Owner owner, OpenInode inode, VolumePath path, OpenFlags flags) {
    this.owner = owner;
    this.inode = inode;
    this.path = path;
    this.flags = flags;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    checkOpen();
    if (!flags.read()) {
      throw new NonReadableChannelException();
    }
    return inode.content().read(into, position);
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    checkWritable();
    int written = owner.change(inode, () -> inode.content().write(from, position));
    forceIfAsked();
    return written;
  }

  @Override
  public long append(ByteBuffer from) throws IOException {
    checkWritable();
    long position = owner.change(inode, () -> inode.content().append(from));
    forceIfAsked();
    return position;
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return inode.content().size();
  }

  @Override
  public void setSize(long size) throws IOException {
    checkWritable();
    if (inode.content().size() != size) {
      owner.change(
          inode,
          () -> {
            inode.content().setSize(size);
            return size;
          });
    }
    forceIfAsked();
  }

  private void forceIfAsked() throws IOException {
    if (flags.sync()) {
      owner.force();
    }
  }

  @Override
  public FileAttributes attributes() throws IOException {
    checkOpen();
    return owner.attributes(inode);
  }

  @Override
  public long inode() throws IOException {
    checkOpen();
    return inode.number();
  }

  @Override
  public void force() throws IOException {
    checkOpen();
    owner.force();
  }

  private void checkOpen() throws ClosedChannelException {
    if (closed.get() || !owner.isOpen()) {
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
    if (closed.compareAndSet(false, true)) {
      owner.release(inode);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
