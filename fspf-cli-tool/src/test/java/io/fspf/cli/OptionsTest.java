package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.RootTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The options that commands on volumes share, as the parser fills them. */
class OptionsTest {
  private static final String HEX = "00112233445566778899aabbccddeeff".repeat(2);
  private static final RootTag TAG = RootTag.parse(HEX);

  @Command
  private static final class Options {
    @Mixin private final KeyOptions key = new KeyOptions();
    @Mixin private final TagOptions tag = new TagOptions();
    @Mixin private final HostRootOption hostRoot = new HostRootOption();
  }

  @TempDir private Path directory;

  private static Options parse(String... args) {
    return CommandLine.populateCommand(new Options(), args);
  }

  private static Terminal terminal(Map<String, String> environment) {
    return new Terminal(
        TextOutput.of(System.out, false, false),
        TextOutput.of(System.err, false, false),
        environment::get);
  }

  @Test
  void nothingIsGiven() throws IOException {
    Options options = parse();
    assertThat(options.key.keyFile()).isEmpty();
    assertThat(options.key.passphraseFile()).isEmpty();
    assertThat(options.tag.store()).isEmpty();
    assertThat(options.tag.pinned(terminal(Map.of()))).isEmpty();
    assertThat(options.hostRoot.directory()).isEmpty();
  }

  @Test
  void filesAreNamed() {
    assertThat(parse("--key-file", "k").key.keyFile()).contains(Path.of("k"));
    assertThat(parse("--passphrase-file=p").key.passphraseFile()).contains(Path.of("p"));
    assertThat(parse("--host-root", "/r").hostRoot.directory()).contains(Path.of("/r"));
  }

  @Test
  void keyHasOneSource() {
    assertThatThrownBy(() -> parse("--key-file=k", "--passphrase-file=p"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("mutually exclusive");
  }

  @Test
  void noOptionTakesAKey() {
    assertThatThrownBy(() -> parse("--key", HEX)).isInstanceOf(ParameterException.class);
  }

  @Test
  void tagStandsInTheArgument() throws IOException {
    assertThat(parse("--tag", HEX).tag.pinned(terminal(Map.of("FSPF_TAG", "ignored"))))
        .contains(TAG);
    assertThatThrownBy(() -> parse("--tag", HEX.substring(2)))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("64 hex digits");
    assertThatThrownBy(() -> parse("--tag", "x" + HEX.substring(1)))
        .isInstanceOf(ParameterException.class);
  }

  @Test
  void tagStandsInAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("tag"), HEX + "\n");
    assertThat(parse("--tag-file", file.toString()).tag.pinned(terminal(Map.of()))).contains(TAG);
  }

  @Test
  void fileWithoutTagIsWrongUseAndAMissingOneIsTroubleOfTheHost() throws IOException {
    Path file = Files.writeString(directory.resolve("tag"), HEX + HEX);
    TagOptions wrong = parse("--tag-file", file.toString()).tag;
    assertThatThrownBy(() -> wrong.pinned(terminal(Map.of())))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("holds no root tag");
    TagOptions missing = parse("--tag-file", directory.resolve("none").toString()).tag;
    assertThatThrownBy(() -> missing.pinned(terminal(Map.of())))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void tagStandsInTheEnvironmentUnderEitherName() throws IOException {
    TagOptions options = parse().tag;
    assertThat(options.pinned(terminal(Map.of("FSPF_TAG", HEX)))).contains(TAG);
    assertThat(options.pinned(terminal(Map.of("SCONE_FSPF_TAG", HEX)))).contains(TAG);
    assertThat(options.pinned(terminal(Map.of("SCONE_FSPF_TAG", "old", "FSPF_TAG", HEX))))
        .contains(TAG);
    assertThatThrownBy(() -> options.pinned(terminal(Map.of("FSPF_TAG", "none"))))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("FSPF_TAG");
  }

  @Test
  void storeTakesThePlaceOfAPin() throws IOException {
    TagOptions options = parse("--tag-store", "file:/tags").tag;
    assertThat(options.store()).contains("file:/tags");
    assertThat(options.pinned(terminal(Map.of("FSPF_TAG", HEX)))).isEmpty();
    assertThatThrownBy(() -> parse("--tag-store=file:/tags", "--tag=" + HEX))
        .isInstanceOf(ParameterException.class);
  }
}
