package io.fspf.cli;

import io.fspf.RootTag;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which state of the volume is the right one: a root tag, or a store that knows the newest. */
final class TagOptions {
  /** The variables that may hold the tag; the first that is set is used. */
  static final String[] VARIABLES = {"FSPF_TAG", "SCONE_FSPF_TAG"};

  /** A tag file is a line of 64 digits; more than this is some other file. */
  private static final int MAX_FILE_LENGTH = 1024;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @ArgGroup(exclusive = true)
  private @Nullable Choice choice;

  private static final class Choice {
    @Option(
        names = "--tag",
        paramLabel = "HEX",
        converter = TagConverter.class,
        description = "The root tag that the volume must have, 64 hex digits.")
    private @Nullable RootTag tag;

    @Option(names = "--tag-file", paramLabel = "FILE", description = "A file with the root tag.")
    private @Nullable Path file;

    @Option(
        names = "--tag-store",
        paramLabel = "URI",
        description = "The store that remembers the newest root tag.")
    private @Nullable URI store;
  }

  private static final class TagConverter implements ITypeConverter<RootTag> {
    @Override
    public RootTag convert(String value) {
      try {
        return RootTag.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** The store, if one was named. */
  Optional<URI> store() {
    return choice == null ? Optional.empty() : Optional.ofNullable(choice.store);
  }

  /**
   * The root tag from the options or, where they name neither a tag nor a store, the environment.
   *
   * @throws IOException if the tag file cannot be read
   * @throws ParameterException if the tag file or the variable holds something else than a tag
   */
  Optional<RootTag> pinned(Terminal terminal) throws IOException {
    if (choice == null) {
      return terminal
          .firstSet(VARIABLES)
          .map(text -> parse(text, "The variable " + String.join(" or ", VARIABLES)));
    }
    if (choice.file != null) {
      return Optional.of(read(choice.file));
    }
    return Optional.ofNullable(choice.tag);
  }

  private RootTag read(Path file) throws IOException {
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_FILE_LENGTH);
    }
    return parse(new String(bytes, StandardCharsets.US_ASCII), "The file " + file);
  }

  private RootTag parse(String text, String source) {
    try {
      return RootTag.parse(text.strip());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), source + " holds no root tag: " + e.getMessage(), e);
    }
  }
}
