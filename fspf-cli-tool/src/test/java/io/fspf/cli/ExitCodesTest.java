package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit codes of CLI users' everyday accidents. */
class ExitCodesTest {
  private static final String OTHER_TAG = "0".repeat(64);

  @TempDir private Path directory;
  private SealedSample sample;

  @BeforeEach
  void seal() throws IOException {
    sample = SealedSample.encrypted(directory);
  }

  @Test
  void wrongTag() {
    for (String command : new String[] {"verify", "ls", "audit"}) {
      Run run = Run.of(sample.args(command, "--tag", OTHER_TAG));
      assertThat(run.exit()).as(command).isEqualTo(ExitCodes.VIOLATED);
      assertThat(run.out()).isEmpty();
    }
  }

  @Test
  void wrongKey() {
    Path other = directory.resolve("other");
    assertThat(Run.of("keygen", other.toString()).exit()).isZero();
    Run run = Run.of("verify", "--no-tag", "--key-file", other + "", sample.volume() + "");
    assertThat(run.exit()).isEqualTo(ExitCodes.KEY);
    assertThat(run.err()).contains("Wrong key");
  }

  @Test
  void missingKey() {
    Run none = Run.of("verify", "--no-tag", sample.volume().toString());
    assertThat(none.exit()).isEqualTo(ExitCodes.KEY);
    Run noFile =
        Run.of("verify", "--no-tag", "--key-file", directory + "/none", sample.volume() + "");
    assertThat(noFile.exit()).isEqualTo(ExitCodes.KEY);
    assertThat(directory.resolve("none")).doesNotExist();
  }

  @Test
  void keyFileThatOthersCanRead() throws IOException {
    Files.setPosixFilePermissions(sample.key(), PosixFilePermissions.fromString("rw-r--r--"));
    Run run = sample.run("verify");
    assertThat(run.exit()).isEqualTo(ExitCodes.KEY);
    assertThat(run.err()).contains("chmod 600");
    String target = directory.resolve("target").toString();
    assertThat(
            Run.of(
                    "seal",
                    "--encrypt",
                    "--key-file",
                    sample.key() + "",
                    sample.source() + "",
                    target)
                .exit())
        .isEqualTo(ExitCodes.KEY);
  }

  @Test
  void damagedContentIsNeitherListedAsRightNorPrinted() throws IOException {
    SealedSample.flip(sample.largestObject(), 70_000);
    Run verify = sample.run("verify", "--quiet");
    assertThat(verify.exit()).isEqualTo(ExitCodes.VIOLATED);
    assertThat(verify.out()).startsWith("/lib/f200001 at offset 65536: ");
    Run cat = sample.run("cat", "/lib/f200001");
    assertThat(cat.exit()).isEqualTo(ExitCodes.VIOLATED);
    assertThat(cat.err()).contains("/lib/f200001 at offset 65536");
    byte[] content = Files.readAllBytes(sample.source().resolve("lib/f200001"));
    String prefix = new String(content, 0, 65536, StandardCharsets.UTF_8);
    assertThat(prefix).startsWith(cat.out());
    Path target = directory.resolve("target");
    assertThat(sample.run("unseal", target.toString()).exit()).isEqualTo(ExitCodes.VIOLATED);
    JsonObject error = sample.run("cat", "--json", "/lib/f200001").json().getAsJsonObject("error");
    assertThat(error.get("path").getAsString()).isEqualTo("/lib/f200001");
  }

  @Test
  void damagedMetadata() throws IOException {
    Path file = sample.volume().resolve("fspf.pb");
    byte[] whole = Files.readAllBytes(file);
    SealedSample.flip(file, whole.length / 2);
    assertThat(sample.run("verify").exit()).isEqualTo(ExitCodes.VIOLATED);
    Files.write(file, new byte[0]);
    assertThat(sample.run("verify").exit()).isEqualTo(ExitCodes.VIOLATED);
    assertThat(Run.of("tag", sample.volume().toString()).exit()).isEqualTo(ExitCodes.VIOLATED);
  }

  @Test
  void notFound() {
    assertThat(Run.of("tag", directory + "/none").exit()).isEqualTo(ExitCodes.IO);
    assertThat(Run.of("ls", directory + "/none").exit()).isEqualTo(ExitCodes.IO);
    assertThat(Run.of("seal", "--authenticate", directory + "/none").exit())
        .isEqualTo(ExitCodes.IO);
    Run cat = sample.run("cat", "/none");
    assertThat(cat.exit()).isEqualTo(ExitCodes.IO);
    assertThat(cat.err()).isEqualTo("fspf: /none: not found\n");
    assertThat(
            Run.of(
                    "verify",
                    "--key-file",
                    sample.key() + "",
                    "--tag-file",
                    directory + "/none",
                    sample.volume() + "")
                .exit())
        .isEqualTo(ExitCodes.IO);
  }

  @Test
  void existsAlready() throws IOException {
    Run run =
        Run.of(
            "seal",
            "--encrypt",
            "--key-file",
            sample.key() + "",
            sample.source() + "",
            sample.volume() + "");
    assertThat(run.exit()).isEqualTo(ExitCodes.IO);
    assertThat(sample.run("verify").exit()).isZero();
    assertThat(Run.of("keygen", sample.key().toString()).exit()).isEqualTo(ExitCodes.IO);
  }

  @Test
  void wrongUse() {
    assertThat(sample.run("ls", "--frobnicate").exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of("cat", sample.volume().toString()).exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of(sample.args("ls", "--tag", "abc")).exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of(sample.args("ls", "--tag-store", "abc")).exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of(sample.args("ls", "a".repeat(300))).exit()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void keyForAVolumeThatHasNone() throws IOException {
    SealedSample plain = SealedSample.authenticated(directory.resolve("other"));
    Run run =
        Run.of("verify", "--no-tag", "--key-file", sample.key().toString(), plain.volume() + "");
    assertThat(run.exit()).isEqualTo(ExitCodes.KEY);
  }

  @Test
  void keyInTheEnvironmentOpensWithAWarning() throws IOException {
    Run run =
        Run.with(
            false,
            Map.of("SCONE_FSPF_KEY", Files.readString(sample.key())),
            terminal ->
                Main.run(terminal, "verify", "--tag", sample.tag(), sample.volume().toString()));
    assertThat(run.exit()).as(run.toString()).isZero();
    assertThat(run.err()).contains("SCONE_FSPF_KEY");
  }
}
