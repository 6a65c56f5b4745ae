package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ls cat stat diff tag show audit}, on one encrypted volume. */
class ReadCommandsTest {
  @TempDir private static Path directory;
  private static SealedSample sample;

  @BeforeAll
  static void seal() throws IOException {
    sample = SealedSample.encrypted(directory);
  }

  @Test
  void lsListsADirectory() {
    assertThat(sample.run("ls").out().lines())
        .containsExactly("dangling", "empty", "lib", "link", "run.sh");
    assertThat(sample.run("ls", "lib/deep/").out()).isEqualTo("text ü\n");
    assertThat(sample.run("ls", "/run.sh").out()).isEqualTo("/run.sh\n");
    assertThat(sample.run("ls", "/empty").out()).isEmpty();
  }

  @Test
  void lsListsAllBelow() throws IOException {
    assertThat(sample.run("ls", "-R").out().lines().sorted())
        .containsExactlyElementsOf(SampleTree.names(sample.source()));
  }

  @Test
  void lsShowsAttributes() {
    assertThat(sample.run("ls", "-l").out().lines())
        .anyMatch(line -> line.matches("-rwxr-x--- +1 +\\d+ +\\d+ +17 [-\\d]+ [:\\d]+ run\\.sh"))
        .anyMatch(line -> line.startsWith("d") && line.endsWith(" lib"))
        .anyMatch(line -> line.startsWith("l") && line.endsWith(" link -> lib/f5000"));
    JsonObject first =
        sample.run("ls", "-l", "--json").json().getAsJsonArray("entries").get(4).getAsJsonObject();
    assertThat(first.get("path").getAsString()).isEqualTo("run.sh");
    assertThat(first.get("mode").getAsString()).isEqualTo("0750");
  }

  @Test
  void catWritesTheContent() throws IOException {
    byte[] content = Files.readAllBytes(sample.source().resolve("lib/f200001"));
    JsonObject json = sample.run("cat", "--json", "/lib/f200001").json();
    assertThat(Base64.getDecoder().decode(json.get("base64").getAsString())).isEqualTo(content);
    assertThat(sample.run("cat", "/link").out().getBytes(StandardCharsets.UTF_8))
        .isEqualTo(sample.run("cat", "/lib/f5000").out().getBytes(StandardCharsets.UTF_8));
    assertThat(sample.run("cat", "/lib/deep/text ü").out()).isEqualTo("seed 1\n");
    assertThat(sample.run("cat", "/lib").exit()).isEqualTo(ExitCodes.IO);
  }

  @Test
  void statShowsAll() {
    assertThat(sample.run("stat", "/run.sh").out())
        .contains("type                file\n")
        .contains("mode                0750 -rwxr-x---\n")
        .contains("protection          encrypted\n");
    JsonObject link = sample.run("stat", "--json", "/dangling").json();
    assertThat(link.get("type").getAsString()).isEqualTo("symlink");
    assertThat(link.get("target").getAsString()).isEqualTo("../nowhere");
  }

  @Test
  void diffTellsWhatDiffers() throws IOException {
    Path copy = SampleTree.make(directory.resolve("copy"), 1);
    assertThat(sample.run("diff", copy.toString()).exit()).isEqualTo(ExitCodes.OK);
    assertThat(sample.run("diff", copy.toString()).out()).isEmpty();
    SealedSample.flip(copy.resolve("lib/f65536"), 65_535);
    Files.writeString(copy.resolve("more"), "more");
    Files.delete(copy.resolve("link"));
    Files.delete(copy.resolve("dangling"));
    Files.createSymbolicLink(copy.resolve("dangling"), Path.of("elsewhere"));
    Files.delete(copy.resolve("empty"));
    Files.writeString(copy.resolve("empty"), "a file");
    Run run = sample.run("diff", copy.toString());
    assertThat(run.exit()).isEqualTo(ExitCodes.DIFFERENT);
    assertThat(run.out().lines().map(line -> line.replaceFirst(":.*", "")))
        .containsExactly("/dangling", "/empty", "/lib/f65536", "/link", "/more");
    JsonObject json = sample.run("diff", "--json", copy.toString()).json();
    assertThat(json.getAsJsonArray("differences")).hasSize(5);
  }

  @Test
  void tagNeedsNoKey() {
    String volume = sample.volume().toString();
    assertThat(Run.of("tag", volume).out()).isEqualTo(sample.tag() + "\n");
    assertThat(Run.of("show", "--tag", volume).out()).isEqualTo(sample.tag() + "\n");
    assertThat(Run.of("tag", "--json", volume).json().get("tag").getAsString())
        .isEqualTo(sample.tag());
    Run byVariable =
        Run.with(false, Map.of("SCONE_FSPF", volume), terminal -> Main.run(terminal, "tag"));
    assertThat(byVariable.out()).isEqualTo(sample.tag() + "\n");
    assertThat(Run.of("tag").exit()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void showTellsOfRegionsAndNumbers() {
    Run run = Run.of(sample.args("show"));
    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains("files               7\n")
        .contains("sealed              yes\n")
        .contains("region /: encrypted, kernel ., AES-256-GCM, chunks of 64.0 KiB\n");
    JsonObject json = Run.of(sample.args("show", "--json")).json();
    assertThat(json.keySet())
        .contains("volume", "tag", "generation", "files", "directories", "symlinks", "bytes")
        .contains("engine", "regions");
  }

  @Test
  void auditListsTheCommits() {
    Run run = sample.run("audit");
    assertThat(run.out()).contains(sample.tag());
    assertThat(sample.run("audit", "--json").json().getAsJsonArray("commits")).isNotEmpty();
  }

  @Test
  void withoutATagOneWarningIsGiven() {
    for (String command : new String[] {"ls", "show", "audit"}) {
      Run run = Run.of(sample.args(command));
      assertThat(run.exit()).isZero();
      assertThat(run.err().lines()).as(command).hasSize(1);
      assertThat(run.err()).contains("freshness is not checked");
      assertThat(Run.of(sample.args(command, "--quiet")).err()).isEmpty();
    }
    assertThat(sample.run("ls").err()).isEmpty();
    Run byVariable =
        Run.with(
            false,
            Map.of("SCONE_FSPF_TAG", sample.tag()),
            terminal -> Main.run(terminal, sample.args("ls")));
    assertThat(byVariable.err()).isEmpty();
  }
}
