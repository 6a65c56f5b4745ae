package io.fspf.cli;

import io.fspf.RootTag;
import io.fspf.Volume;
import java.io.IOException;
import java.nio.file.Path;

/** What the commands that change a volume share: open, change, commit, tell the new tag. */
abstract class ChangeCommand extends VolumeCommand {
  @Override
  final Report run(Terminal terminal) throws IOException {
    Path location = location();
    Volume volume = Volume.open(location, access().changing(terminal));
    try (volume) {
      change(volume, terminal);
      volume.commit();
    }
    // Closing may commit once more; the tag stays known.
    RootTag tag = volume.tag();
    return new Report()
        .member("volume", location.toString())
        .member("tag", tag.toString())
        .member("generation", volume.generation())
        .note("tag: " + tag);
  }

  /** Where the volume lies. */
  abstract Path location();

  /** Makes the changes. */
  abstract void change(Volume volume, Terminal terminal) throws IOException;
}
