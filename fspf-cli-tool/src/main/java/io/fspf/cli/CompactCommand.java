package io.fspf.cli;

import io.fspf.Volume;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Drops from an fspf file what its present state does not need. */
@Command(
    name = "compact",
    description = {
      "Write the fspf file anew without what the present state no longer needs.",
      "Contents stay; the root tag changes; the history begins anew."
    },
    footerHeading = "%nExample:%n",
    footer = "  fspf compact --key-file key /srv/app")
final class CompactCommand extends ChangeCommand {
  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Override
  Path location() {
    return volume;
  }

  @Override
  void change(Volume opened, Terminal terminal, Report report) throws IOException {
    long before = opened.info().metadataBytes();
    opened.compact();
    long after = opened.info().metadataBytes();
    report
        .member("metadataBytesBefore", before)
        .member("metadataBytes", after)
        .note("Metadata: " + Bytes.text(before) + " before, " + Bytes.text(after) + " now");
  }
}
