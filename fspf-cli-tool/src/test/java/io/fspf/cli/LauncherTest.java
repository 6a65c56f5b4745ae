package io.fspf.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher at the repository's root, on a real tree. Only where what it would run is up to
 * date: within a build it must not build.
 */
class LauncherTest {
  private static Path repository;

  @TempDir private Path directory;

  @BeforeAll
  static void findLauncher() throws IOException {
    repository = Path.of("").toAbsolutePath();
    if (!Files.isExecutable(repository.resolve("fspf"))) {
      repository = repository.resolve("..").normalize();
    }
    assumeTrue(Files.isExecutable(repository.resolve("fspf")), "no launcher");
    assumeTrue(isUpToDate(), "not built, or older than the sources");
  }

  private static boolean isUpToDate() throws IOException {
    FileTime built = newest(repository.resolve("fspf-cli-tool/target"), 1, ".jar");
    FileTime changed = Files.getLastModifiedTime(repository.resolve("pom.xml"));
    for (String sources :
        List.of(
            "fspf-core/pom.xml",
            "fspf-core/src/main",
            "fspf-nio/pom.xml",
            "fspf-nio/src/main",
            "fspf-cas/pom.xml",
            "fspf-cas/src/main",
            "fspf-cli-tool/pom.xml",
            "fspf-cli-tool/src/main")) {
      FileTime time = newest(repository.resolve(sources), Integer.MAX_VALUE, "");
      changed = time.compareTo(changed) > 0 ? time : changed;
    }
    return built.compareTo(changed) >= 0;
  }

  private static FileTime newest(Path below, int depth, String suffix) throws IOException {
    FileTime newest = FileTime.fromMillis(0);
    if (Files.exists(below)) {
      try (Stream<Path> files = Files.walk(below, depth)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          FileTime time = Files.getLastModifiedTime(file);
          if (file.toString().endsWith(suffix) && time.compareTo(newest) > 0) {
            newest = time;
          }
        }
      }
    }
    return newest;
  }

  private Run fspf(String... args) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of(repository.resolve("fspf").toString()));
    words.addAll(List.of(args));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    return new Run(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void sealsVerifiesAndNamesWhatIsDamaged() throws Exception {
    Path app = SampleTree.make(directory.resolve("app"), 1);
    Run sealed = fspf("seal", "--authenticate", "app");
    assertThat(sealed.exit()).as(sealed.toString()).isZero();
    assertThat(sealed.err()).isEmpty();
    String tag = SealedSample.tag(sealed);
    assertThat(fspf("verify", "--tag", tag, "app").exit()).isZero();
    SealedSample.flip(app.resolve("lib/deep/text ü"), 0);
    Run damaged = fspf("verify", "-q", "--tag", tag, "app");
    assertThat(damaged.exit()).isEqualTo(ExitCodes.VIOLATED);
    assertThat(damaged.out()).startsWith("/lib/deep/text ü at offset 0: ");
  }
}
