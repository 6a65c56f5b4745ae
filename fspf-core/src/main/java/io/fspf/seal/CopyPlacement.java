package io.fspf.seal;

import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentStore;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Places a plain copy of the tree, for an authenticated region whose host directory is filled on
 * the way. What stands there under the same names is replaced. Thread-safe.
 */
final class CopyPlacement implements Placement {
  private final HostDirectory host;
  private final UnaryOperator<VolumePath> mapping;
  private final Map<VolumePath, HostAttributes> directories = new ConcurrentHashMap<>();

  /**
   * Copies below a host directory.
   *
   * @param mapping from paths in the source to paths there
   */
  CopyPlacement(HostDirectory host, UnaryOperator<VolumePath> mapping) {
    this.host = host;
    this.mapping = mapping;
  }

  @Override
  public ContentStore contentOf(VolumePath path) {
    VolumePath to = mapping.apply(path);
    return new ContentStore() {
      @Override
      public HostFile open(FileIdentity identity) throws IOException {
        return host.open(to, HostDirectory.Mode.READ);
      }

      @Override
      public HostFile create(FileIdentity identity) throws IOException {
        clear(to);
        return host.open(to, HostDirectory.Mode.CREATE);
      }

      @Override
      public void discard(FileIdentity identity) {
        throw new IllegalStateException("A plain file has no object");
      }
    };
  }

  private void clear(VolumePath path) throws IOException {
    try {
      if (host.attributes(path).kind() == HostAttributes.Kind.DIRECTORY) {
        throw new FileSystemException(
            path.toString().substring(1), null, "a directory stands in the place of a file");
      }
      host.delete(path);
    } catch (NoSuchFileException e) {
      // Nothing stands there.
    }
  }

  @Override
  public void directory(VolumePath path) throws IOException {
    VolumePath to = mapping.apply(path);
    if (to.isRoot()) {
      return;
    }
    try {
      host.createDirectory(to);
    } catch (FileAlreadyExistsException e) {
      if (host.attributes(to).kind() != HostAttributes.Kind.DIRECTORY) {
        throw e;
      }
    }
  }

  @Override
  public void completed(
      VolumePath path, HostAttributes attributes, SortedMap<Name, byte[]> extended)
      throws IOException {
    VolumePath to = mapping.apply(path);
    boolean directory = attributes.kind() == HostAttributes.Kind.DIRECTORY;
    if (directory) {
      host.syncDirectory(to);
    }
    for (var attribute : extended.entrySet()) {
      host.setExtendedAttribute(to, attribute.getKey(), attribute.getValue());
    }
    setOwner(to, attributes);
    host.setTimes(to, attributes.modified(), attributes.accessed());
    host.setMode(to, attributes.mode());
    if (directory) {
      directories.put(to, attributes);
    }
  }

  private void setOwner(VolumePath path, HostAttributes attributes) throws IOException {
    HostAttributes now = host.attributes(path);
    if (now.uid() == attributes.uid() && now.gid() == attributes.gid()) {
      return;
    }
    try {
      host.setOwner(path, attributes.uid(), attributes.gid());
    } catch (FileSystemException e) {
      // Only the administrator gives files away; verification compares owners only if it is strict.
    }
  }

  @Override
  public void symlink(VolumePath path, byte[] target, HostAttributes attributes)
      throws IOException {
    VolumePath to = mapping.apply(path);
    clear(to);
    host.createSymbolicLink(to, target);
    setOwner(to, attributes);
    host.setTimes(to, attributes.modified(), attributes.accessed());
  }

  @Override
  public void link(VolumePath path, VolumePath existing) throws IOException {
    VolumePath to = mapping.apply(path);
    clear(to);
    host.createLink(to, mapping.apply(existing));
    HostAttributes directory = directories.get(to.parent());
    if (directory != null) {
      host.syncDirectory(to.parent());
      host.setTimes(to.parent(), directory.modified(), directory.accessed());
    }
  }

  @Override
  public void sync(Tasks syncs) {
    // Files and directories are synced one by one.
  }

  @Override
  public void undo() {
    // What was replaced cannot be brought back. The volume does not refer to the copies.
  }
}
