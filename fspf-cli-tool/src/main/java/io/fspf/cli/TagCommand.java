package io.fspf.cli;

import io.fspf.RootTag;
import io.fspf.Volume;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints the root tag that the host offers. */
@Command(
    name = "tag",
    description = {
      "Print the root tag of an fspf file as it lies there; no key is needed.",
      "It is the host's word: pin the tag that seal printed, or compare with that."
    },
    footerHeading = "%nExample:%n",
    footer = "  fspf tag /srv/app > app.tag")
final class TagCommand extends Subcommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "VOLUME",
      description = VolumeCommand.VOLUME_OR_VARIABLE)
  private @Nullable Path volume;

  @Override
  Report run(Terminal terminal) throws IOException {
    Path location = VolumeCommand.location(this, volume, terminal);
    RootTag tag = Volume.tagOf(location);
    return new Report()
        .member("volume", location.toString())
        .member("tag", tag.toString())
        .line(tag.toString());
  }
}
