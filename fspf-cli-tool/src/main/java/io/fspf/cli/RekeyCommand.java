package io.fspf.cli;

import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a volume another key. */
@Command(
    name = "rekey",
    description = {
      "Give a volume another key, or a first one; contents stay as they are.",
      "Whoever had the old key still knows what the volume held up to now."
    },
    footerHeading = "%nExample:%n",
    footer = "  fspf rekey --key-file old.key --new-key-file new.key /srv/app")
final class RekeyCommand extends VolumeCommand {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Choice choice = new Choice();

  private static final class Choice {
    @Option(
        names = "--new-key-file",
        paramLabel = "FILE",
        description = "The new key's file; it is made with a fresh key where it does not exist.")
    private @Nullable Path keyFile;

    @Option(
        names = "--new-passphrase-file",
        paramLabel = "FILE",
        description = "The file with the new passphrase.")
    private @Nullable Path passphraseFile;

    KeyProvider provider() {
      if (keyFile != null) {
        return KeyProviders.file(keyFile);
      }
      if (passphraseFile != null) {
        return KeyProviders.passphraseFile(passphraseFile);
      }
      throw new IllegalStateException("The parser lets one of them be missing only");
    }
  }

  @Parameters(index = "0", arity = "0..1", paramLabel = "VOLUME", description = VOLUME_OR_VARIABLE)
  private @Nullable Path volume;

  @Override
  Report run(Terminal terminal) throws IOException {
    Path location = location(volume, terminal);
    RootTag tag = Volume.rekey(location, access().changing(terminal), choice.provider());
    return new Report()
        .member("volume", location.toString())
        .member("tag", tag.toString())
        .note("The volume has a new key.")
        .line("tag: " + tag);
  }
}
