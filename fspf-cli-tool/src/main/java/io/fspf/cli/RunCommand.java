package io.fspf.cli;

import com.google.common.base.Throwables;
import io.fspf.FspfException;
import io.fspf.VolumeOptions;
import io.fspf.nio.FspfEnvironment;
import io.fspf.nio.FspfFileSystems;
import io.fspf.nio.RunFromVolume;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs a Java program whose code is in a volume. */
@Command(
    name = "run",
    description = {
      "Run a Java program from a volume.",
      "Its classes and resources are verified as they are loaded, and none of them is copied to the"
          + " host. It ends with the program's exit code, with 1 where its main method throws, and"
          + " with 3 where code or data of the volume is not what was committed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  fspf run --tag-file tag /srv/app -- /lib/main.jar ARGUMENT...",
      "  fspf run --tag-file tag /srv/app -- -cp /classes:/lib/a.jar org.example.Main ARGUMENT...",
      "  fspf run --tag-file tag /srv/app -- -p /modules -m org.example/org.example.Main"
    })
final class RunCommand extends VolumeCommand {
  /** As the java command does it. */
  private static final int PROGRAM_FAILED = 1;

  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PROGRAM",
      description = {
        "A jar of the volume, or -cp PATH CLASS, or -p PATH -m MODULE/CLASS; then what the program"
            + " is given. Comes after \"--\"."
      })
  private List<String> program;

  @Override
  Report run(Terminal terminal) throws IOException {
    var report = new Report().member("volume", volume.toString());
    try (FileSystem opened = FspfFileSystems.open(volume, environment(terminal))) {
      report.member("tag", FspfFileSystems.volume(opened).tag().toString());
      RunFromVolume.Program loaded = load(opened);
      try {
        loaded.runToEnd();
      } catch (Throwable e) {
        report.exitCode(PROGRAM_FAILED);
        failed(terminal, e);
      }
    }
    return report;
  }

  private RunFromVolume.Program load(FileSystem opened) throws IOException {
    try {
      return RunFromVolume.load(opened, program);
    } catch (IllegalArgumentException e) {
      throw wrongUse(String.valueOf(e.getMessage()));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IOException("No program to run in " + program.get(0) + ": " + e, e);
    }
  }

  private FspfEnvironment environment(Terminal terminal) throws IOException {
    VolumeOptions options = access().reading(terminal);
    var environment = FspfEnvironment.empty().readOnly().withFreshness(options.freshness());
    if (options.keys().isPresent()) {
      environment = environment.withKeys(options.keys().get());
    }
    return options.hostRoot().isPresent()
        ? environment.withHostRoot(options.hostRoot().get())
        : environment;
  }

  /** What the host has done is told as elsewhere, the program's own failures as Java tells them. */
  private static void failed(Terminal terminal, Throwable failure) throws IOException {
    for (Throwable cause : Throwables.getCausalChain(failure)) {
      if (cause instanceof FspfException violation) {
        throw violation;
      }
    }
    var trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    terminal.err().println("Exception in thread \"main\" " + trace.toString().stripTrailing());
  }
}
