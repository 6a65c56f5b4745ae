package io.fspf.cli;

import io.fspf.Name;
import io.fspf.Volume;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes directories in a volume. */
@Command(
    name = "mkdir",
    description = "Make directories in a volume.",
    footerHeading = "%nExample:%n",
    footer = "  fspf mkdir -p --key-file key /srv/app /data/in /data/out")
final class MkdirCommand extends ChangeCommand {
  private static final int MODE = 0755;

  @Option(
      names = {"-p", "--parents"},
      description = "With the directories above; those that exist are no error.")
  private boolean parents;

  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PATH",
      description = "The directories in the volume.")
  private List<VolumePath> paths;

  @Override
  Path location() {
    return volume;
  }

  @Override
  void change(Volume opened, Terminal terminal, Report report) throws IOException {
    for (VolumePath path : paths) {
      if (parents) {
        makeAll(opened, path);
      } else {
        opened.createDirectory(path, MODE);
      }
    }
  }

  private static void makeAll(Volume opened, VolumePath path) throws IOException {
    VolumePath at = VolumePath.ROOT;
    for (Name name : path.names()) {
      at = at.resolve(name);
      if (!VolumeTrees.isDirectory(opened, at)) {
        try {
          opened.createDirectory(at, MODE);
        } catch (FileAlreadyExistsException e) {
          throw new FileAlreadyExistsException(at.toString(), null, "Is no directory");
        }
      }
    }
  }
}
