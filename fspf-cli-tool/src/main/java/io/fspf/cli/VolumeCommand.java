package io.fspf.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** What nearly all commands on an existing volume share: its key, its tag, its host directories. */
abstract class VolumeCommand extends Subcommand {
  /** What a command says of its parameter VOLUME. */
  static final String VOLUME = "A directory that holds fspf.pb, or an fspf file of any name.";

  /** The same where it may be left out. */
  static final String VOLUME_OR_VARIABLE = VOLUME + " Default: the variable SCONE_FSPF.";

  private static final String LOCATION_VARIABLE = "SCONE_FSPF";

  @Mixin private final KeyOptions keys = new KeyOptions();
  @Mixin private final TagOptions tags = new TagOptions();
  @Mixin private final HostRootOption hostRoot = new HostRootOption();

  /** The options as the library wants them. */
  final Access access() {
    return new Access(common(), keys, tags, hostRoot);
  }

  /** The options that tell of the key. */
  final KeyOptions keys() {
    return keys;
  }

  /** The options that tell of the tag. */
  final TagOptions tags() {
    return tags;
  }

  /** Where the volume lies: as given or, where nothing is, as the environment says. */
  final Path location(@Nullable Path given, Terminal terminal) {
    return location(this, given, terminal);
  }

  /** The same for any command. */
  static Path location(Subcommand command, @Nullable Path given, Terminal terminal) {
    if (given != null) {
      return given;
    }
    return terminal
        .firstSet(LOCATION_VARIABLE)
        .map(Path::of)
        .orElseThrow(() -> command.wrongUse("Missing required parameter: 'VOLUME'"));
  }
}
