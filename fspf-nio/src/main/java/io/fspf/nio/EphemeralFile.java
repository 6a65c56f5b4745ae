package io.fspf.nio;

import io.fspf.FileAttributes;
import io.fspf.VolumeFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of an ephemeral region. Thread-safe. */
record EphemeralFile(VolumeFile file, ThrowAwayVolume mount) implements VolumeFile {
  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    return file.read(into, position);
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    return file.write(from, position);
  }

  @Override
  public long append(ByteBuffer from) throws IOException {
    return file.append(from);
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public void setSize(long size) throws IOException {
    file.setSize(size);
  }

  @Override
  public FileAttributes attributes() throws IOException {
    return mount.distinct(file.attributes());
  }

  /** Nothing here outlives the mount, so there is nothing to make durable. */
  @Override
  public void force() throws IOException {
    var unused = file.size();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
