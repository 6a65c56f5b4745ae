package io.fspf.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The right state of the volume, for the command whose {@code --tag} means something else. */
final class TagFileOptions extends FreshnessOptions {
  @ArgGroup(exclusive = true)
  private @Nullable Choice choice;

  private static final class Choice {
    @Option(names = FILE, paramLabel = "FILE", description = FILE_DESCRIPTION)
    private @Nullable Path file;

    @Option(names = STORE, paramLabel = STORE_LABEL, description = STORE_DESCRIPTION)
    private @Nullable String store;
  }

  @Override
  Named named() {
    return choice == null ? Named.NOTHING : new Named(null, choice.file, choice.store);
  }
}
