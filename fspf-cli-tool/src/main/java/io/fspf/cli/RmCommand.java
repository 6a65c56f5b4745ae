package io.fspf.cli;

import io.fspf.Volume;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes files and directories from a volume. */
@Command(
    name = "rm",
    description = "Remove files and empty directories from a volume.",
    footerHeading = "%nExample:%n",
    footer = "  fspf rm -r --key-file key /srv/app /data/done")
final class RmCommand extends ChangeCommand {
  @Option(
      names = {"-r", "--recursive"},
      description = "Directories with all that is in them.")
  private boolean recursive;

  @Option(
      names = {"-f", "--force"},
      description = "What does not exist is no error.")
  private boolean force;

  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PATH",
      description = "What to remove from the volume.")
  private List<VolumePath> paths;

  @Override
  Path location() {
    return volume;
  }

  @Override
  void change(Volume opened, Terminal terminal, Report report) throws IOException {
    for (VolumePath path : paths) {
      try {
        if (recursive) {
          VolumeTrees.delete(opened, path);
        } else {
          opened.delete(path);
        }
      } catch (NoSuchFileException e) {
        if (!force) {
          throw e;
        }
      }
    }
  }
}
