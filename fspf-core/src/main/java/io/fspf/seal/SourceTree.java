package io.fspf.seal;

import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.NioHost;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * A clear tree of the host that is taken in. Whatever changes in it meanwhile is an error that
 * names the file. Thread-safe.
 */
final class SourceTree {
  /** Tells what of the source is not part of it. */
  interface Exclusion {
    /**
     * Whether the entry is left out, with all below it.
     *
     * @param directory the attributes of the directory that holds it
     */
    boolean isExcluded(VolumePath path, HostAttributes directory) throws IOException;
  }

  private final Path root;
  private final HostDirectory host;
  private final Exclusion exclusion;

  SourceTree(Path root, Exclusion exclusion) {
    this.root = root;
    this.host = NioHost.directory(root);
    this.exclusion = exclusion;
  }

  /** The host's path of a file, for messages. */
  String text(VolumePath path) {
    String above = root.toString();
    return path.isRoot() ? above : (above.equals("/") ? "" : above) + path;
  }

  HostAttributes attributes(VolumePath path) throws IOException {
    try {
      return host.attributes(path);
    } catch (NoSuchFileException e) {
      throw path.isRoot() ? e : changed(path);
    }
  }

  /** The attributes of what is still what the listing said. */
  HostAttributes attributes(VolumePath path, HostAttributes.Kind kind) throws IOException {
    HostAttributes attributes = attributes(path);
    if (attributes.kind() != kind) {
      throw changed(path);
    }
    return attributes;
  }

  HostFile open(VolumePath path) throws IOException {
    try {
      return host.open(path, HostDirectory.Mode.READ);
    } catch (NoSuchFileException e) {
      throw changed(path);
    }
  }

  byte[] target(VolumePath link) throws IOException {
    try {
      return host.readSymbolicLink(link);
    } catch (NoSuchFileException e) {
      throw changed(link);
    }
  }

  SortedMap<Name, byte[]> extendedAttributes(VolumePath path) throws IOException {
    try {
      return host.extendedAttributes(path);
    } catch (NoSuchFileException e) {
      throw changed(path);
    }
  }

  /** The entries of a directory, without what is left out. */
  Listing list(VolumePath directory) throws IOException {
    HostAttributes attributes = attributes(directory, HostAttributes.Kind.DIRECTORY);
    var listing = new Listing.Builder();
    for (Name name : names(directory)) {
      VolumePath path = directory.resolve(name);
      if (exclusion.isExcluded(path, attributes)) {
        continue;
      }
      HostAttributes entry = attributes(path);
      if (entry.kind() == HostAttributes.Kind.SPECIAL) {
        throw new FileSystemException(
            text(path),
            null,
            "is a device, FIFO or socket, which cannot be sealed: remove or exclude it");
      }
      listing.add(name, entry);
    }
    SortedMap<Name, byte[]> extended = extendedAttributes(directory);
    checkUnchanged(directory, attributes);
    return listing.build(attributes, extended);
  }

  private List<Name> names(VolumePath directory) throws IOException {
    try {
      return host.list(directory);
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw changed(directory);
    }
  }

  /** Throws if a file is not what it was. */
  void checkUnchanged(VolumePath path, HostAttributes before) throws IOException {
    HostAttributes now = attributes(path);
    boolean same =
        now.kind() == before.kind()
            && now.fileKey().equals(before.fileKey())
            && now.modified().equals(before.modified())
            && (now.kind() == HostAttributes.Kind.DIRECTORY || now.size() == before.size());
    if (!same) {
      throw changed(path);
    }
  }

  /** The exception for a file that is not what it was. */
  FileSystemException changed(VolumePath path) {
    return new FileSystemException(
        text(path), null, "changed while it was being sealed: seal again when nobody writes there");
  }
}
