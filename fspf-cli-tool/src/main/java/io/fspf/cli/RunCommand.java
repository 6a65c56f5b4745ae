package io.fspf.cli;

import io.fspf.VolumeOptions;
import io.fspf.nio.FspfEnvironment;
import io.fspf.nio.FspfFileSystems;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a Java program whose code is in a volume, or with all that a session gives it. */
@Command(
    name = "run",
    customSynopsis = {
      "fspf run [OPTIONS] VOLUME -- PROGRAM...",
      "       fspf run --config-id SESSION/SERVICE [OPTIONS] [-- PROGRAM...]"
    },
    description = {
      "Run a Java program from a volume, or with what a service releases to it.",
      "Its classes and resources are verified as they are loaded, and none of them is copied to the"
          + " host. It ends with the program's exit code, with 1 where its main method throws, and"
          + " with 3 where code or data of the volume is not what was committed.",
      "With --config-id the program proves to the service what it is, and runs with the command, the"
          + " variables and the working directory of the session, and with its volumes mounted at"
          + " their paths. The tag of each volume that it changes goes to the service. It ends with 4"
          + " where the service releases nothing."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  fspf run --tag-file tag /srv/app -- /lib/main.jar ARGUMENT...",
      "  fspf run --tag-file tag /srv/app -- -cp /classes:/lib/a.jar org.example.Main ARGUMENT...",
      "  fspf run --tag-file tag /srv/app -- -p /modules -m org.example/org.example.Main",
      "  fspf run --config-id user-1/blender --cas 127.0.0.1:8765 --cas-certificate cas.pem"
    })
final class RunCommand extends VolumeCommand {
  @Mixin private final CasOptions service = new CasOptions();

  @Option(
      names = "--config-id",
      paramLabel = "SESSION/SERVICE",
      description = "What this program asks the service for.")
  private @Nullable String configId;

  @Option(
      names = "--attester",
      paramLabel = "WHICH",
      description = {
        "What proves to the service what this is: gramine, tdx, sev-snp, or hardware for the one"
            + " that is there (default: ${DEFAULT-VALUE}).",
        "simulation:HEX claims a measurement, and proves nothing."
      })
  private String attester = "hardware";

  @Option(
      names = "--volume",
      paramLabel = "NAME=PLACE",
      description = {
        "Where the host has a volume of the session; may be repeated.",
        "Default: at its own path below --host-root, which is / if nothing is said."
      })
  private Map<String, Path> places = Map.of();

  @Parameters(
      index = "0..*",
      paramLabel = "VOLUME, PROGRAM",
      description = {
        "VOLUME: " + VOLUME,
        "PROGRAM: a jar of the volume, or -cp PATH CLASS, or -p PATH -m MODULE/CLASS; then what the"
            + " program is given. Comes after \"--\". With --config-id it says where the code of the"
            + " session's command is, and its arguments are the command's."
      })
  private List<String> words = List.of();

  @Override
  Report run(Terminal terminal) throws IOException {
    if (configId != null) {
      return attested(configId, terminal);
    }
    if (words.size() < 2) {
      throw wrongUse("Missing required parameters: 'VOLUME' and, after --, 'PROGRAM'");
    }
    Path volume = Path.of(words.get(0));
    var report = new Report().member("volume", volume.toString());
    try (FileSystem opened = FspfFileSystems.open(volume, environment(terminal))) {
      report.member("tag", FspfFileSystems.volume(opened).tag().toString());
      return report.exitCode(
          ProgramRun.run(opened, words.subList(1, words.size()), this, terminal));
    }
  }

  private Report attested(String id, Terminal terminal) throws IOException {
    if (keys().named().isPresent() || !tags().named().equals(FreshnessOptions.Named.NOTHING)) {
      throw wrongUse("With --config-id keys and tags come from the service");
    }
    var request =
        new AttestedRequest(
            id,
            service.address(terminal),
            service.certificate(terminal),
            attester,
            access().hostRoot().directory().orElse(Path.of("/")),
            places,
            words);
    return new AttestedRun(this, request, terminal).run();
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
}
