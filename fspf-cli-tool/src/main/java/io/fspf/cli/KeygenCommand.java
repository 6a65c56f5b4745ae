package io.fspf.cli;

import io.fspf.key.KeyFiles;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a key file. */
@Command(
    name = "keygen",
    description = "Make a file, mode 0600, with a fresh volume key.",
    footerHeading = "%nExample:%n",
    footer = "  fspf keygen ~/.fspf/app.key")
final class KeygenCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "FILE", description = "The file; it must not exist.")
  private Path file;

  @Override
  Report run(Terminal terminal) throws IOException {
    KeyFiles.create(file).close();
    return new Report()
        .member("keyFile", file.toString())
        .note("Wrote a new volume key to " + file + ". Keep a copy: without it nothing is read.");
  }
}
