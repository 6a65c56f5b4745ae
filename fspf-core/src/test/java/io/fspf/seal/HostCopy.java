package io.fspf.seal;

import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.NioHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The host files of a volume in memory, for tampering with them and putting them back. */
final class HostCopy {
  private final HostDirectory host;
  private final Map<VolumePath, byte[]> files = new LinkedHashMap<>();

  HostCopy(Path directory) throws IOException {
    host = NioHost.directory(directory);
    for (VolumePath path : Trees.files(host, VolumePath.ROOT)) {
      files.put(path, Trees.read(host, path));
    }
  }

  Map<VolumePath, byte[]> files() {
    return files;
  }

  byte[] content(VolumePath path) {
    byte[] content = files.get(path);
    if (content == null) {
      throw new IllegalArgumentException("No such file: " + path);
    }
    return content.clone();
  }

  void write(VolumePath path, byte[] content) throws IOException {
    try (HostFile file = host.open(path, HostDirectory.Mode.WRITE)) {
      file.setSize(content.length);
      file.write(0, content, 0, content.length);
    }
  }

  void delete(VolumePath path) throws IOException {
    host.delete(path);
  }

  /** Writes the file as it was; its name may be gone. */
  void restore(VolumePath path) throws IOException {
    byte[] content = content(path);
    try (HostFile file = open(path)) {
      file.setSize(content.length);
      file.write(0, content, 0, content.length);
    }
  }

  private HostFile open(VolumePath path) throws IOException {
    try {
      return host.open(path, HostDirectory.Mode.WRITE);
    } catch (java.nio.file.NoSuchFileException e) {
      return host.open(path, HostDirectory.Mode.CREATE);
    }
  }

  static byte[] flipped(byte[] content, long bit) {
    byte[] changed = content.clone();
    changed[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
    return changed;
  }

  static byte[] cut(byte[] content, int length) {
    return Arrays.copyOf(content, length);
  }

  static byte[] swapped(byte[] content, int one, int other, int length) {
    byte[] changed = content.clone();
    System.arraycopy(content, one, changed, other, length);
    System.arraycopy(content, other, changed, one, length);
    return changed;
  }
}
