package io.fspf.cli;

import io.fspf.Volume;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves a file or directory within a volume. */
@Command(
    name = "mv",
    description = "Move or rename a file or directory in a volume, into another region too.",
    footerHeading = "%nExample:%n",
    footer = "  fspf mv --key-file key /srv/app /data/in/a.csv /data/done")
final class MvCommand extends ChangeCommand {
  @Option(
      names = {"-n", "--no-clobber"},
      description = "Do not replace a file.")
  private boolean keep;

  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Parameters(index = "1", paramLabel = "FROM", description = "What to move.")
  private VolumePath from;

  @Parameters(index = "2", paramLabel = "TO", description = "Its new path, or a directory for it.")
  private VolumePath to;

  @Override
  Path location() {
    return volume;
  }

  @Override
  void change(Volume opened, Terminal terminal, Report report) throws IOException {
    VolumePath target = VolumeTrees.into(opened, to, from);
    CopyOption[] options =
        keep ? new CopyOption[0] : new CopyOption[] {StandardCopyOption.REPLACE_EXISTING};
    opened.move(from, target, options);
  }
}
