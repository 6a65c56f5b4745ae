package io.fspf.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the host directories of the regions are to be found. */
final class HostRootOption {
  @Option(
      names = "--host-root",
      paramLabel = "DIR",
      description = "Look for every absolute host directory of the regions below this one.")
  private @Nullable Path hostRoot;

  /** The directory that stands for the host's root, if one was named. */
  Optional<Path> directory() {
    return Optional.ofNullable(hostRoot);
  }
}
