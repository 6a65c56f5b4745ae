package io.fspf.internal.volume;

import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import io.fspf.DirectoryCursor;
import io.fspf.FileAttributes;
import io.fspf.HostSpace;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.VolumeInfo;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.MetadataLog;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * What reading has in common, whether in a volume that changes or in a fixed state of one.
 * Thread-safe.
 */
abstract class AbstractView implements VolumeView {
  private volatile boolean closed;

  /** Where paths lead at the moment. */
  abstract Namespace namespace();

  final boolean isClosed() {
    return closed;
  }

  final void markClosed() {
    closed = true;
  }

  final void checkOpen() {
    if (closed) {
      throw new ClosedFileSystemException();
    }
  }

  static boolean follows(Object[] options) {
    return !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
  }

  /** What is to be told of a commit. */
  static VolumeInfo infoOf(CommitInfo head, MetadataLog log) {
    return new VolumeInfo(
        BaseEncoding.base16().lowerCase().encode(log.header().volumeId().toByteArray()),
        head.tag(),
        head.generation(),
        head.time(),
        log.header().isSealed(),
        head.fields().files(),
        head.fields().directories(),
        head.fields().symlinks(),
        head.fields().bytes(),
        log.size(),
        head.liveNodeBytes());
  }

  /** One read of the namespace. */
  interface Reading<T> {
    T read(Namespace namespace) throws IOException;
  }

  /** Reads; violations that were found without knowing the path get it. */
  final <T> T reading(VolumePath path, Reading<T> reading) throws IOException {
    checkOpen();
    try {
      return reading.read(namespace());
    } catch (IntegrityException e) {
      throw located(path, e);
    }
  }

  static IntegrityException located(VolumePath path, IntegrityException e) {
    return e.path() != null
        ? e
        : new IntegrityException(
            path.toString(), -1, "its metadata is not what was committed: " + e.getMessage(), e);
  }

  @Override
  public List<Region> regions() {
    checkOpen();
    return namespace().regions().regions().stream()
        .map(MountedRegion::region)
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public Region region(VolumePath path) throws IOException {
    checkOpen();
    return namespace()
        .regions()
        .covering(path)
        .orElseThrow(() -> new NoSuchFileException(path.toString()))
        .region();
  }

  @Override
  public HostSpace space(Region region) throws IOException {
    return reading(
        region.path(),
        names ->
            names
                .regions()
                .covering(region.path())
                .orElseThrow(() -> new NoSuchFileException(region.path().toString()))
                .hostDirectory()
                .space());
  }

  @Override
  public FileAttributes attributes(VolumePath path, LinkOption... options) throws IOException {
    return reading(path, names -> names.attributes(names.resolve(path, follows(options))));
  }

  @Override
  public DirectoryCursor list(VolumePath directory) throws IOException {
    DirectoryCursor cursor =
        reading(directory, names -> names.list(names.resolve(directory, true)));
    return new DirectoryCursor() {
      @Override
      public boolean next() throws IOException {
        return reading(directory, names -> cursor.next());
      }

      @Override
      public io.fspf.DirectoryEntry entry() {
        return cursor.entry();
      }
    };
  }

  @Override
  public byte[] readSymbolicLink(VolumePath path) throws IOException {
    return reading(path, names -> names.target(names.resolve(path, false)));
  }

  @Override
  public SortedMap<Name, byte[]> extendedAttributes(VolumePath path, LinkOption... options)
      throws IOException {
    return reading(path, names -> names.extendedAttributes(names.resolve(path, follows(options))));
  }

  @Override
  public VolumePath toRealPath(VolumePath path, LinkOption... options) throws IOException {
    return reading(path, names -> names.resolve(path, follows(options)).path());
  }
}
