package io.fspf.cli;

import com.google.common.base.Stopwatch;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.seal.Comparer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares a volume with a host directory. */
@Command(
    name = "diff",
    description = {
      "Compare a volume's tree with a directory.",
      "Names, types, contents, modes, link targets. Exit code 1 says that they differ."
    },
    footerHeading = "%nExample:%n",
    footer = "  fspf diff --key-file key ./data.fspf ./data")
final class DiffCommand extends VolumeCommand {
  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Only what is below this path of the volume, with DIR itself.")
  private @Nullable VolumePath path;

  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Parameters(index = "1", paramLabel = "DIR", description = "The directory to compare with.")
  private Path directory;

  @Override
  Report run(Terminal terminal) throws IOException {
    VolumeOptions options = access().reading(terminal);
    Stopwatch watch = Stopwatch.createStarted();
    var report =
        new Report().member("volume", volume.toString()).member("directory", directory.toString());
    var differences = new JsonArray();
    try (Progress progress = Progress.ofVolume(terminal, common(), "diff", volume, options)) {
      Comparer comparer =
          Comparer.of(volume, options, directory).withProgress(progress.asSealProgress());
      (path == null ? comparer : comparer.withPath(path))
          .compare(
              difference -> {
                var object = new JsonObject();
                object.addProperty("path", difference.path().toString());
                object.addProperty("kind", difference.kind().name().toLowerCase(Locale.ROOT));
                differences.add(object);
                report.line(difference.path() + ": " + difference.kind());
              });
    }
    return report
        .member("differences", differences)
        .seconds(watch.elapsed())
        .exitCode(differences.isEmpty() ? ExitCodes.OK : ExitCodes.DIFFERENT);
  }
}
