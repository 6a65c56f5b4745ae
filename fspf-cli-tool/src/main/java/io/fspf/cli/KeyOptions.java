package io.fspf.cli;

import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * Where the volume key comes from: a file, a passphrase in a file, or the environment. There is no
 * option that takes the key itself, since arguments are seen by every user of the machine.
 */
final class KeyOptions {
  /** The variables that may hold the key, in 64 hex digits; the first that is set is used. */
  static final String[] VARIABLES = {"FSPF_KEY", "SCONE_FSPF_KEY"};

  @ArgGroup(exclusive = true)
  private @Nullable Choice choice;

  private static final class Choice {
    @Option(
        names = "--key-file",
        paramLabel = "FILE",
        description = "The volume key, 64 hex digits, in a file that only its owner can read.")
    private @Nullable Path keyFile;

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "A passphrase, the first line of a file that only its owner can read.")
    private @Nullable Path passphraseFile;
  }

  /**
   * The provider that the options name or, where they name none and a variable is set, the
   * environment.
   */
  Optional<KeyProvider> provider(Terminal terminal, CommonOptions common) {
    return named().or(() -> ofEnvironment(terminal, common));
  }

  /** The provider that the options name. */
  Optional<KeyProvider> named() {
    return keyFile()
        .map(KeyProviders::file)
        .or(() -> passphraseFile().map(KeyProviders::passphraseFile));
  }

  /** The environment, where one of the variables is set. */
  static Optional<KeyProvider> ofEnvironment(Terminal terminal, CommonOptions common) {
    var variables = new HashMap<String, String>();
    for (String variable : VARIABLES) {
      terminal.firstSet(variable).ifPresent(value -> variables.put(variable, value));
    }
    return variables.isEmpty()
        ? Optional.empty()
        : Optional.of(
            KeyProviders.environment(variables, warning -> terminal.warn(common, warning)));
  }

  /** The file that holds the key, if one was named. */
  Optional<Path> keyFile() {
    return choice == null ? Optional.empty() : Optional.ofNullable(choice.keyFile);
  }

  /** The file that holds a passphrase, if one was named. */
  Optional<Path> passphraseFile() {
    return choice == null ? Optional.empty() : Optional.ofNullable(choice.passphraseFile);
  }
}
