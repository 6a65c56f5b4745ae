package io.fspf.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every golden volume opens with the code of today, at the same root tag, with the same contents.
 *
 * <p>These are of 0.1, which is not released yet: until then a golden volume may be made anew, by
 * deleting its directory and running this test with {@code -DargLine=-Dfspf.golden.make=true}. The
 * volumes of a released version never change; a later format brings its own beside them.
 */
class GoldenVolumesTest {
  @TempDir Path scratch;

  @BeforeAll
  static void makeMissing() throws Exception {
    if (Boolean.getBoolean("fspf.golden.make")) {
      new GoldenVolumes().makeMissing();
    }
  }

  static List<GoldenVolume> volumes() throws IOException {
    return GoldenVolume.existing();
  }

  @ParameterizedTest
  @MethodSource("volumes")
  void opensAndHoldsWhatItHeld(GoldenVolume golden) throws IOException {
    Path copy = scratch.resolve("volume");
    GoldenVolumes.copy(golden.volume(), copy);
    assertThat(Volume.tagOf(copy)).isEqualTo(golden.tag());
    for (VolumeOptions options : golden.options()) {
      try (Volume volume = Volume.open(copy, options)) {
        RootTag tag = volume.tag();
        assertThat(tag).isEqualTo(golden.tag());
        assertThat(VolumeListing.of(volume)).isEqualTo(Files.readString(golden.listing()));
      }
    }
  }

  /** A volume that nobody finds proves nothing, and a large one is a burden for ever. */
  @Test
  void allAreThereAndSmall() throws IOException {
    assertThat(volumes()).hasSizeGreaterThanOrEqualTo(15);
    try (Stream<Path> files = Files.walk(GoldenVolume.all())) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      // Many of them zeros, holes of an object.
      assertThat(bytes).isLessThan(3 << 19);
    }
  }
}
