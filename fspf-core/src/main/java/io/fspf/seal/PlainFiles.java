package io.fspf.seal;

import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.Name;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.volume.VolumeTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes plain files to the host. Everything is made new under its name, so that nothing that was
 * planted there is ever followed or written to. Thread-safe.
 */
final class PlainFiles {
  private static final int PIECE = 256 << 10;
  private static final int SET_ID = 06000;

  /** The unit in which zeros are left out: that of most file systems. */
  private static final int BLOCK = 4 << 10;

  private static final byte[] ZEROS = new byte[BLOCK];

  private final HostDirectory host;
  private final Crew crew;
  private final boolean force;

  PlainFiles(HostDirectory host, Crew crew, boolean force) {
    this.host = host;
    this.crew = crew;
    this.force = force;
  }

  // ------------------------------------------------------------------------------------
  // directories

  /** Makes the directory that everything goes into, or takes the one that is there. */
  void makeTop(VolumePath path) throws IOException {
    try {
      host.createDirectory(path);
    } catch (FileAlreadyExistsException e) {
      // The root of a host directory may be a symbolic link: whoever named it meant where it leads.
      if (!force && !host.list(path).isEmpty()) {
        throw new FileAlreadyExistsException(
            path.toString().substring(1), null, "is not empty: nothing is overwritten unasked");
      }
    }
  }

  /** Makes a directory, open to its owner only until it is finished. */
  void makeDirectory(VolumePath path) throws IOException {
    HostAttributes present = look(path);
    if (present != null && present.kind() == HostAttributes.Kind.DIRECTORY) {
      if (!force) {
        throw new FileAlreadyExistsException(path.toString().substring(1));
      }
      host.setMode(path, 0700);
      return;
    }
    clear(path, present);
    host.createDirectory(path);
  }

  /** A directory and all in it is there: gives it its attributes. */
  void finishDirectory(VolumeTree.Node node, VolumePath path) throws IOException {
    if (node.isProtected()) {
      finish(node, node.attributes(), path);
    } else {
      host.setMode(path, 0755);
    }
  }

  // ------------------------------------------------------------------------------------------
  // files

  /** Throws if something stands at the path that must stay. */
  void requireFree(VolumePath path) throws IOException {
    if (!force && look(path) != null) {
      throw new FileAlreadyExistsException(path.toString().substring(1));
    }
  }

  private @Nullable HostAttributes look(VolumePath path) throws IOException {
    try {
      return host.attributes(path);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Removes what stands in the way; without force nothing may. */
  private void clear(VolumePath path, @Nullable HostAttributes present) throws IOException {
    if (present == null || !force) {
      // What is there all the same makes the creation fail.
      return;
    }
    if (present.kind() == HostAttributes.Kind.DIRECTORY) {
      throw new FileSystemException(
          path.toString().substring(1), null, "a directory stands in the place of a file");
    }
    host.delete(path);
  }

  /** Writes a file or a symbolic link, with its attributes. */
  void write(VolumeTree.Node node, FileAttributes attributes, VolumePath path) throws IOException {
    clear(path, force ? look(path) : null);
    if (attributes.type() == FileType.SYMLINK) {
      host.createSymbolicLink(path, node.target());
    } else {
      writeContent(node, path);
    }
    finish(node, attributes, path);
    crew.progress().advanced(attributes.type() == FileType.REGULAR ? 1 : 0, 0);
  }

  private void writeContent(VolumeTree.Node node, VolumePath path) throws IOException {
    HostFile out = host.open(path, HostDirectory.Mode.CREATE);
    try (out;
        VolumeFile in = node.open()) {
      copy(in, out);
    } catch (Throwable e) {
      host.delete(path);
      throw e;
    }
  }

  private void copy(VolumeFile in, HostFile out) throws IOException {
    long size = in.size();
    byte[] bytes = new byte[(int) Math.min(PIECE, size)];
    boolean hole = false;
    for (long at = 0; at < size; ) {
      int length = in.read(ByteBuffer.wrap(bytes), at);
      if (length <= 0) {
        throw new IOException("A file ended before its size");
      }
      hole = writeBlocks(out, at, bytes, length);
      at += length;
      crew.advanced(length);
    }
    if (hole) {
      out.setSize(size);
    }
  }

  /**
   * Writes all blocks that are not zero.
   *
   * @return whether the last one is zero, and was not written
   */
  private static boolean writeBlocks(HostFile out, long at, byte[] bytes, int length)
      throws IOException {
    int start = 0;
    boolean zero = false;
    for (int block = 0; block < length; block += BLOCK) {
      int end = Math.min(length, block + BLOCK);
      zero = Arrays.equals(bytes, block, end, ZEROS, 0, end - block);
      if (zero) {
        if (start < block) {
          out.write(at + start, bytes, start, block - start);
        }
        start = end;
      }
    }
    if (start < length) {
      out.write(at + start, bytes, start, length - start);
    }
    return zero;
  }

  /** Gives a file that was written one more name. */
  void link(VolumePath path, VolumePath existing) throws IOException {
    clear(path, force ? look(path) : null);
    host.createLink(path, existing);
  }

  /**
   * Sets what a file is to show in the end. The mode comes last: a change of owner would take its
   * set-id bits away, and a file that cannot be opened any more would keep its times.
   */
  private void finish(VolumeTree.Node node, FileAttributes attributes, VolumePath path)
      throws IOException {
    for (Map.Entry<Name, byte[]> attribute : node.extendedAttributes().entrySet()) {
      host.setExtendedAttribute(path, attribute.getKey(), attribute.getValue());
    }
    boolean owned = setOwner(attributes, path);
    host.setTimes(path, attributes.modified(), attributes.accessed());
    if (attributes.type() != FileType.SYMLINK) {
      host.setMode(path, owned ? attributes.mode() : attributes.mode() & ~SET_ID);
    }
  }

  /** Whether the file has its owner and group now. */
  private boolean setOwner(FileAttributes attributes, VolumePath path) throws IOException {
    HostAttributes now = host.attributes(path);
    if (now.uid() == attributes.uid() && now.gid() == attributes.gid()) {
      return true;
    }
    try {
      host.setOwner(path, attributes.uid(), attributes.gid());
      return true;
    } catch (FileSystemException e) {
      // Only the administrator gives files away.
      return false;
    }
  }
}
