package io.fspf.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command without a subcommand: help and version. */
@Command(
    name = "fspf",
    subcommands = {
      SealCommand.class,
      VerifyCommand.class,
      UnsealCommand.class,
      DiffCommand.class,
      LsCommand.class,
      CatCommand.class,
      StatCommand.class,
      TagCommand.class,
      ShowCommand.class,
      AuditCommand.class,
      PutCommand.class,
      MkdirCommand.class,
      MvCommand.class,
      RmCommand.class,
      RunCommand.class,
      SessionCommand.class,
      CasCommand.class,
      RekeyCommand.class,
      CompactCommand.class,
      RecoverCommand.class,
      KeygenCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
      CreateCommand.class,
      AddrCommand.class,
      AddfCommand.class,
      EncryptCommand.class,
      CreateVolumeCommand.class
    },
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Protects directory trees on a machine that is not trusted.",
    footerHeading = "%nExample:%n",
    footer = {
      "  fspf seal --authenticate ./app          seal a directory where it stands",
      "  fspf verify --tag HEX ./app             read and check every byte of it"
    })
final class FspfCommand {
  private final Terminal terminal;

  @Mixin
  @SuppressWarnings("UnusedVariable") // Picocli acts on it.
  private final HelpOption help = new HelpOption();

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  @SuppressWarnings("UnusedVariable") // Picocli acts on it.
  private boolean version;

  FspfCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The streams and the environment of all commands. */
  Terminal terminal() {
    return terminal;
  }
}
