package io.fspf.internal.volume;

import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.host.Host;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where on the host a volume lies.
 *
 * @param host the machine
 * @param directory the host directory that holds the fspf file, absolute
 * @param file the fspf file's name there
 * @param hostRoot a directory below which absolute host directories of regions are looked for, or
 *     null
 */
public record VolumeLocation(Host host, String directory, Name file, @Nullable String hostRoot) {

  /** The directory that holds the fspf file. */
  public HostDirectory home() throws IOException {
    return host.directory(directory);
  }

  /** The fspf file's path in it. */
  public VolumePath path() {
    return VolumePath.ROOT.resolve(file);
  }

  /** Opens the fspf file. */
  HostFile open(HostDirectory.Mode mode) throws IOException {
    return home().open(path(), mode);
  }

  /** The same with another file in the place of the fspf file. */
  VolumeLocation withFile(Name other) {
    return new VolumeLocation(host, directory, other, hostRoot);
  }

  /** A host directory as a region names it. */
  public HostDirectory regionDirectory(String named) throws IOException {
    return host.directory(regionPath(named));
  }

  /** The absolute path of a host directory as a region names it. */
  public String regionPath(String named) {
    if (named.startsWith("/")) {
      return hostRoot == null ? named : hostRoot + named;
    }
    return named.equals(".") ? directory : directory + "/" + named;
  }
}
