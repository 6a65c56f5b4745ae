package io.fspf.cli;

import io.fspf.RootTag;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The right state of the volume: by a tag in an argument or a file, or by a store. */
final class TagOptions extends FreshnessOptions {
  @ArgGroup(exclusive = true)
  private @Nullable Choice choice;

  private static final class Choice {
    @Option(
        names = "--tag",
        paramLabel = "HEX",
        converter = TagConverter.class,
        description = "The root tag that the volume must have, 64 hex digits.")
    private @Nullable RootTag tag;

    @Option(names = FILE, paramLabel = "FILE", description = FILE_DESCRIPTION)
    private @Nullable Path file;

    @Option(names = STORE, paramLabel = STORE_LABEL, description = STORE_DESCRIPTION)
    private @Nullable String store;
  }

  @Override
  Named named() {
    return choice == null ? Named.NOTHING : new Named(choice.tag, choice.file, choice.store);
  }
}
