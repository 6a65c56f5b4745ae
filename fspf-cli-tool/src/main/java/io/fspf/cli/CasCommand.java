package io.fspf.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The service that keeps sessions and releases keys. What the commands do is in {@link CasService},
 * so that no other command has to load what that needs.
 */
@Command(
    name = "cas",
    subcommands = {CasCommand.Init.class, CasCommand.Serve.class, CasCommand.WhoIs.class},
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "The configuration and attestation service, and the identities that it knows people by.",
      "It keeps sessions, and releases keys and tags to programs that prove what they are."
    },
    footerHeading = "%nExample:%n",
    footer = "  fspf cas serve --key-file cas.key --tag-store dir:/srv/cas-tags /srv/cas")
final class CasCommand {
  private static final String DIRECTORY = "The service's directory.";

  @Mixin
  @SuppressWarnings("UnusedVariable") // Picocli acts on it.
  private final HelpOption help = new HelpOption();

  @Command(
      name = "init",
      description = {
        "Make a new service in a directory.",
        "Its state is an encrypted volume in DIR/state, whose key and whose tag are to be kept where"
            + " DIR's disk is not. DIR/cas.pem is the certificate to hand out."
      },
      footerHeading = "%nExample:%n",
      footer = "  fspf cas init --key-file cas.key --tag-store dir:/srv/cas-tags /srv/cas")
  static final class Init extends Subcommand {
    @Mixin private final KeyOptions keys = new KeyOptions();
    @Mixin private final StoreOptions tags = new StoreOptions();

    @Parameters(index = "0", paramLabel = "DIR", description = DIRECTORY)
    private Path directory;

    @Override
    Report run(Terminal terminal) throws IOException {
      return CasService.init(
          directory, new Access(common(), keys, tags, new HostRootOption()), terminal);
    }
  }

  @Command(
      name = "serve",
      description = {
        "Serve until SIGTERM or SIGINT: HTTPS, and both sides show certificates.",
        "DIR/audit.log tells of all that was asked for, granted and refused."
      },
      footerHeading = "%nExample:%n",
      footer =
          "  fspf cas serve --key-file cas.key --tag-store dir:/srv/cas-tags"
              + " --listen 127.0.0.1:8765 /srv/cas")
  static final class Serve extends Subcommand {
    @Mixin private final KeyOptions keys = new KeyOptions();
    @Mixin private final StoreOptions tags = new StoreOptions();

    @Option(
        names = "--listen",
        paramLabel = "HOST:PORT",
        description = "Where to listen; port 0 is any (default: ${DEFAULT-VALUE}).")
    private String listen = "127.0.0.1:8765";

    @Option(
        names = "--evidence",
        paramLabel = "FOLDER",
        description = "The vendors' certificates and collateral, see docs/evidence.md.")
    private @Nullable Path evidence;

    @Option(names = "--hardware", description = "Refuse simulated evidence, whatever sessions say.")
    private boolean hardware;

    @Parameters(index = "0", paramLabel = "DIR", description = DIRECTORY)
    private Path directory;

    /** Where to listen. */
    String listen() {
      return listen;
    }

    /** The folder with what is known of the vendors. */
    @Nullable Path evidence() {
      return evidence;
    }

    /** Whether no simulated evidence counts. */
    boolean hardware() {
      return hardware;
    }

    /** The service's directory. */
    Path directory() {
      return directory;
    }

    @Override
    Report run(Terminal terminal) throws IOException {
      return CasService.serve(
          this, new Access(common(), keys, tags, new HostRootOption()), terminal);
    }
  }

  @Command(
      name = "identity",
      description = {
        "Print who an identity file or a certificate stands for: what access policies name.",
        "An identity file is made, mode 0600, where there is none."
      },
      footerHeading = "%nExample:%n",
      footer = "  fspf cas identity creator.pem")
  static final class WhoIs extends Subcommand {
    @Parameters(
        index = "0",
        paramLabel = "FILE",
        description = "A private key and its certificate in PEM, or a certificate alone.")
    private Path file;

    @Override
    Report run(Terminal terminal) throws IOException {
      return CasService.identity(file);
    }
  }
}
