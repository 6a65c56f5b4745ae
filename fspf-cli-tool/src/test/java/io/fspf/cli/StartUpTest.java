package io.fspf.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command starts without what only others need. */
class StartUpTest {
  @TempDir private Path directory;

  @Test
  void aRootTagIsPrintedWithoutTheClassesOfTheService() throws Exception {
    Path volume = SampleTree.make(directory.resolve("app"), 1);
    String tag = SealedSample.tag(Run.of("seal", "--authenticate", volume.toString()));
    Path loaded = directory.resolve("loaded");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + loaded,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "tag",
                volume.toString())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    assertThat(out).isEqualTo(tag + "\n");
    List<String> classes = Files.readAllLines(loaded);
    assertThat(classes).anyMatch(line -> line.contains(" io.fspf.cli.TagCommand "));
    assertThat(classes)
        .noneMatch(
            line ->
                line.contains(" io.fspf.cas.")
                    || line.contains(" org.bouncycastle.")
                    || line.contains(" org.snakeyaml.")
                    || line.contains(" java.net.http.")
                    || line.contains(" com.sun.net.httpserver.")
                    || line.contains(" javax.net.ssl."));
  }
}
