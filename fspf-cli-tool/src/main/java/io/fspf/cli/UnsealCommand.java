package io.fspf.cli;

import com.google.common.base.Stopwatch;
import io.fspf.VolumeInfo;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.seal.Unsealer;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a volume's tree out as plain files. */
@Command(
    name = "unseal",
    description =
        "Write a volume's tree to a directory: contents, modes, times, symbolic and hard links.",
    footerHeading = "%nExample:%n",
    footer = "  fspf unseal --key-file key --tag-file data.tag ./data.fspf ./data")
final class UnsealCommand extends VolumeCommand {
  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Only what is below this path of the volume.")
  private @Nullable VolumePath path;

  @Option(names = "--force", description = "Write into a directory that is not empty.")
  private boolean force;

  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The directory to write to.")
  private Path target;

  @Override
  Report run(Terminal terminal) throws IOException {
    VolumeOptions options = access().reading(terminal);
    Stopwatch watch = Stopwatch.createStarted();
    VolumeInfo info;
    try (Progress progress = Progress.ofVolume(terminal, common(), "unseal", volume, options)) {
      Unsealer unsealer =
          Unsealer.of(volume, options, target)
              .withForce(force)
              .withProgress(progress.asSealProgress());
      info = (path == null ? unsealer : unsealer.withPath(path)).unseal();
    }
    var report =
        new Report()
            .member("volume", volume.toString())
            .member("target", target.toString())
            .state(info)
            .seconds(watch.elapsed());
    return path != null
        ? report.note("Unsealed " + path + " to " + target)
        : report.note(
            Summary.of(
                "Unsealed",
                info.files(),
                info.directories(),
                info.symlinks(),
                info.bytes(),
                watch.elapsed()));
  }
}
