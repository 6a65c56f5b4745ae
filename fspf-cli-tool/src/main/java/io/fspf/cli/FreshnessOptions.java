package io.fspf.cli;

import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.tag.TagFiles;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagStore;
import io.fspf.tag.TagStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which state of the volume is the right one: a root tag, or a store that knows the newest. */
abstract class FreshnessOptions {
  /** The variables that may hold the tag; the first that is set is used. */
  static final String[] VARIABLES = {"FSPF_TAG", "SCONE_FSPF_TAG"};

  static final String STORE = "--tag-store";
  static final String STORE_LABEL = "URI";
  static final String STORE_DESCRIPTION =
      "The store that remembers the newest root tag: dir:/path, jdbc:..., exec:command,"
          + " cas:HOST:PORT/SESSION#VOLUME.";
  static final String FILE = "--tag-file";
  static final String FILE_DESCRIPTION = "A file with the root tag.";

  /** A tag file is a line of 64 digits; more than this is some other file. */
  private static final int MAX_FILE_LENGTH = 1024;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--tag-policy",
      paramLabel = "POLICY",
      converter = PolicyConverter.class,
      completionCandidates = PolicyNames.class,
      description = {
        "What the store demands: ${COMPLETION-CANDIDATES}.",
        "Default: rollback_protected."
      })
  private TagPolicy policy = TagPolicy.ROLLBACK_PROTECTED;

  @Option(
      names = "--tag-name",
      paramLabel = "NAME",
      description =
          "The volume's name in the store, so that also another volume in its place is noticed"
              + " (default: its id).")
  private @Nullable String name;

  /** What the options name: one of these, or nothing. */
  record Named(@Nullable RootTag tag, @Nullable Path file, @Nullable String store) {
    static final Named NOTHING = new Named(null, null, null);
  }

  /** Reads a tag in an argument. */
  static final class TagConverter implements ITypeConverter<RootTag> {
    @Override
    public RootTag convert(String value) {
      try {
        return TagFiles.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  private static final class PolicyNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(TagPolicy.values()).map(FreshnessOptions::nameOf).iterator();
    }
  }

  private static final class PolicyConverter implements ITypeConverter<TagPolicy> {
    @Override
    public TagPolicy convert(String value) {
      return Arrays.stream(TagPolicy.values())
          .filter(policy -> nameOf(policy).equals(value.toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("'" + value + "' is no policy"));
    }
  }

  private static String nameOf(TagPolicy policy) {
    return policy.name().toLowerCase(Locale.ROOT);
  }

  /** What the options name. */
  abstract Named named();

  /** A failure of whoever typed the command. */
  final ParameterException wrongUse(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** The store's URI, if one was named. */
  final Optional<String> store() {
    return Optional.ofNullable(named().store());
  }

  /**
   * The store and its policy, if one was named.
   *
   * @throws ParameterException if the URI names no store
   */
  final Optional<Freshness> stored() throws IOException {
    String uri = named().store();
    if (uri == null) {
      return Optional.empty();
    }
    TagStore opened;
    try {
      opened = TagStores.of(uri);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    return Optional.of(
        name == null ? Freshness.store(opened, policy) : Freshness.store(opened, policy, name));
  }

  /**
   * The root tag that the options name.
   *
   * @throws IOException if the tag file cannot be read
   * @throws ParameterException if the tag file holds something else than a tag
   */
  final Optional<RootTag> pinned() throws IOException {
    Path file = named().file();
    return file != null ? Optional.of(read(file)) : Optional.ofNullable(named().tag());
  }

  /**
   * The root tag from the options or, where they name neither a tag nor a store, the environment.
   *
   * @throws IOException if the tag file cannot be read
   * @throws ParameterException if the tag file or the variable holds something else than a tag
   */
  final Optional<RootTag> pinned(Terminal terminal) throws IOException {
    if (named().equals(Named.NOTHING)) {
      return terminal
          .firstSet(VARIABLES)
          .map(text -> parse(text, "The variable " + String.join(" or ", VARIABLES)));
    }
    return pinned();
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
      return TagFiles.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), source + " holds no root tag: " + e.getMessage(), e);
    }
  }
}
