package io.fspf.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.fspf.Freshness;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoverCommandTest {
  @TempDir private Path directory;
  private SealedSample sample;

  @BeforeEach
  void seal() throws IOException {
    sample = SealedSample.encrypted(directory);
  }

  /** What a crash right after a commit leaves: the files as they are while a writer is at work. */
  private SealedSample crashed() throws IOException {
    Path copy = directory.resolve("crashed");
    String tag;
    try (Volume volume =
        Volume.open(
            sample.volume(),
            VolumeOptions.of(Freshness.unchecked())
                .withKeys(KeyProviders.file(sample.key()))
                .writable())) {
      try (VolumeFile file =
          volume.open(
              VolumePath.of("/new"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap("committed".getBytes(UTF_8)), 0);
      }
      tag = volume.commit().toString();
      copy(sample.volume(), copy);
    }
    Files.write(copy.resolve("fspf.pb"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    // As if a chunk that no commit knows had been written to an object.
    Files.write(object(copy), new byte[65536], StandardOpenOption.APPEND);
    return new SealedSample(sample.source(), copy, sample.key(), tag);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  @Test
  void cleanVolumeHasNothingLeft() {
    Run run = sample.run("recover");
    assertThat(run.exit()).as(run.toString()).isZero();
    assertThat(run.out()).startsWith("Usable: generation ").contains("Nothing is left to do");
    assertThat(sample.run("recover", "--json").json().get("clean").getAsBoolean()).isTrue();
  }

  @Test
  void whatACrashLeftIsToldAndNothingIsChanged() throws IOException {
    SealedSample crashed = crashed();
    byte[] before = Files.readAllBytes(crashed.volume().resolve("fspf.pb"));
    Run run = crashed.run("recover");
    assertThat(run.exit()).as(run.toString()).isZero();
    assertThat(run.out())
        .contains("8 files")
        .contains("Left: a writer that did not close the volume\n")
        .contains("bytes of an unfinished commit\n");
    JsonObject json = crashed.run("recover", "--json").json();
    assertThat(json.get("clean").getAsBoolean()).isFalse();
    assertThat(json.get("tag").getAsString()).isEqualTo(crashed.tag());
    assertThat(json.getAsJsonObject("remains").get("trailingBytes").getAsLong()).isPositive();
    assertThat(Files.readAllBytes(crashed.volume().resolve("fspf.pb"))).isEqualTo(before);
  }

  private static Path object(Path volume) throws IOException {
    return new SealedSample(volume, volume, volume, "").largestObject();
  }

  @Test
  void repairedVolumeIsWhatWasCommitted() throws IOException {
    SealedSample crashed = crashed();
    long length = Files.size(object(sample.volume()));
    Run run = crashed.run("recover", "--repair");
    assertThat(run.exit()).as(run.toString()).isZero();
    SealedSample repaired =
        new SealedSample(crashed.source(), crashed.volume(), crashed.key(), SealedSample.tag(run));
    assertThat(repaired.run("recover", "--json").json().get("clean").getAsBoolean()).isTrue();
    Run verified = repaired.run("verify");
    assertThat(verified.exit()).as(verified.toString()).isZero();
    assertThat(verified.out()).doesNotContain("note:");
    assertThat(object(repaired.volume())).hasSize(length);
    assertThat(repaired.run("cat", "/new").out()).isEqualTo("committed");
    assertThat(repaired.run("ls").out().lines()).contains("new", "run.sh");
  }

  /** Behind the last commit of a volume that was closed nothing stands, be it zeros or not. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatStandsBehindAClosedVolumeIsCutOff(int last) throws IOException {
    Path metadata = sample.volume().resolve("fspf.pb");
    long length = Files.size(metadata);
    Files.write(metadata, new byte[] {0, 0, (byte) last}, StandardOpenOption.APPEND);
    assertThat(sample.run("verify").exit()).isEqualTo(ExitCodes.VIOLATED);
    Run told = sample.run("recover", "--json");
    assertThat(told.json().get("clean").getAsBoolean()).isFalse();
    assertThat(told.json().getAsJsonObject("remains").get("trailingBytes").getAsLong())
        .isEqualTo(3);
    assertThat(Files.size(metadata)).isEqualTo(length + 3);
    assertThat(sample.run("recover", "--repair").exit()).isZero();
    assertThat(Files.size(metadata)).isEqualTo(length);
    assertThat(sample.run("verify").exit()).isZero();
  }
}
