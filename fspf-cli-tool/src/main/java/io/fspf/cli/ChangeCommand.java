package io.fspf.cli;

import io.fspf.RootTag;
import io.fspf.Volume;
import java.io.IOException;
import java.nio.file.Path;

/** What the commands that change a volume share: open, change, commit, tell the new tag. */
abstract class ChangeCommand extends VolumeCommand {
  @Override
  Report run(Terminal terminal) throws IOException {
    Path location = location();
    var report = new Report();
    Volume volume = Volume.open(location, access().changing(terminal));
    try (volume) {
      change(volume, terminal, report);
      volume.commit();
    }
    // Closing may commit once more; the tag stays known.
    RootTag tag = volume.tag();
    return report
        .member("volume", location.toString())
        .member("tag", tag.toString())
        .member("generation", volume.generation())
        .line("tag: " + tag);
  }

  /** Where the volume lies. */
  abstract Path location();

  /** Makes the changes. */
  abstract void change(Volume opened, Terminal terminal, Report report) throws IOException;
}
