package io.fspf.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what fspf finds on this machine. */
@Command(
    name = "doctor",
    description = {
      "Show what fspf finds on this machine: Java, processor, cryptography, file system.",
      "Measures for two seconds how fast one thread encrypts and verifies."
    },
    footerHeading = "%nExample:%n",
    footer = "  fspf doctor /var/lib/volumes")
final class DoctorCommand extends Subcommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The directory whose file system is tried out (default: the current one).")
  private Path directory;

  @Override
  Report run(Terminal terminal) throws IOException {
    var findings = new ArrayList<>(MachineProbe.examine());
    findings.addAll(EngineProbe.examine());
    findings.addAll(DirectoryProbe.examine(directory));
    var report = new Report();
    findings.forEach(report::finding);
    return report;
  }
}
