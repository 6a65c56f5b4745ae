package io.fspf.cli;

import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes an fspf file with no region and no key. */
@Command(
    name = "create",
    description = "Make an fspf file without regions (SCONE's shape; see also seal).",
    footerHeading = "%nExample:%n",
    footer = "  fspf create fspf.pb")
final class CreateCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "FILE", description = "The fspf file to make.")
  private Path file;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "Accepted for old scripts.")
  @SuppressWarnings("UnusedVariable") // There is one format.
  private @Nullable String version;

  @Override
  Report run(Terminal terminal) throws IOException {
    Volume volume = Volume.create(file, VolumeOptions.of(Freshness.unchecked()), List.of());
    volume.close();
    RootTag tag = volume.tag();
    return FspfFileCommand.report(
        file,
        tag,
        "Created empty file system protection file in " + file + ". AES-GCM tag: " + tag);
  }
}
