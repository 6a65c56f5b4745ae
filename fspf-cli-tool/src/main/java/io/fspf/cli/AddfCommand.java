package io.fspf.cli;

import io.fspf.Protection;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.seal.Importer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Adds the files of a host directory, or one file, to a region. */
@Command(
    name = "addf",
    description = "Add files to a region of an fspf file.",
    footerHeading = "%nExample:%n",
    footer = {"  fspf addf fspf.pb /usr /usr", "  fspf addf fspf.pb /data ./original ./data"})
final class AddfCommand extends FspfFileCommand {
  @Parameters(index = "0", paramLabel = "FILE", description = "The fspf file.")
  private Path file;

  @Parameters(
      index = "1",
      paramLabel = "EMBEDPOINT",
      description = "The path in the volume at which they appear.")
  private VolumePath embedPoint;

  @Parameters(index = "2", paramLabel = "SOURCE", description = "A host directory, or one file.")
  private Path source;

  @Parameters(
      index = "3",
      arity = "0..1",
      paramLabel = "OUTPUT",
      description = "Where the encrypted files go; needed for an encrypted region.")
  private @Nullable Path output;

  @Override
  Report run(Terminal terminal) throws IOException {
    RootTag tag;
    try (Progress progress = Progress.ofTree(terminal, common(), "addf", source)) {
      tag =
          change(
              terminal,
              options -> {
                checkOutput(options);
                return Importer.into(file, options, embedPoint)
                    .withProgress(progress.asSealProgress())
                    .add(source, Optional.ofNullable(output))
                    .tag();
              });
    }
    return report(
        file,
        tag,
        "Added files to file system protection file " + file + " new AES-GCM tag: " + tag);
  }

  /** Where a region's host directory is on the machine that runs it says nothing about this one. */
  private void checkOutput(VolumeOptions options) throws IOException {
    if (output != null) {
      return;
    }
    try (Volume volume = Volume.open(file, options)) {
      if (volume.region(embedPoint).protection() == Protection.ENCRYPTED) {
        throw wrongUse(
            "The region of "
                + embedPoint
                + " is encrypted: name the directory OUTPUT for the encrypted files");
      }
    }
  }
}
