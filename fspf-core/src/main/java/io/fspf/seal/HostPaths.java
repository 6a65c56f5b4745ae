package io.fspf.seal;

import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.host.NioHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;

/** Paths of the host that the caller named, and how they lie to each other. */
final class HostPaths {
  private HostPaths() {}

  /** The path without symbolic links, as far as it exists. */
  static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    if (Files.exists(absolute)) {
      return absolute.toRealPath();
    }
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    return parent == null || name == null ? absolute : real(parent).resolve(name);
  }

  /** What leads from a directory to a file below it. */
  static VolumePath below(Path directory, Path file) throws IOException {
    var names = new ArrayDeque<Name>();
    for (Path at = file; !at.equals(directory); ) {
      names.addFirst(NioHost.name(at));
      at = at.getParent();
      if (at == null) {
        throw new IllegalArgumentException(file + " does not lie below " + directory);
      }
    }
    return VolumePath.of(List.copyOf(names));
  }
}
