package io.fspf.nio;

import io.fspf.FileAttributes;
import io.fspf.VolumeFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file of a mounted volume: its violations name it as the tree does. As thread-safe as the
 * file.
 */
final class ShownFile implements VolumeFile {
  private final VolumeFile file;
  private final ShownViolations violations;

  ShownFile(VolumeFile file, ShownViolations violations) {
    this.file = file;
    this.violations = violations;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    return violations.shown(() -> file.read(into, position));
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    return violations.shown(() -> file.write(from, position));
  }

  @Override
  public long append(ByteBuffer from) throws IOException {
    return violations.shown(() -> file.append(from));
  }

  @Override
  public long size() throws IOException {
    return violations.shown(file::size);
  }

  @Override
  public void setSize(long size) throws IOException {
    violations.run(() -> file.setSize(size));
  }

  @Override
  public FileAttributes attributes() throws IOException {
    return violations.shown(file::attributes);
  }

  @Override
  public long inode() throws IOException {
    return violations.shown(file::inode);
  }

  @Override
  public void force() throws IOException {
    violations.run(file::force);
  }

  @Override
  public void close() throws IOException {
    violations.run(file::close);
  }
}
