package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.IntegrityException;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What recovery does with object files that are longer than the last commit says, or missing. */
class ObjectCutterTest {
  private static final int SIZE = 3 * VolumeBench.CHUNK + 5;

  private final VolumeBench bench = new VolumeBench(1);

  @BeforeEach
  void makeVolume() throws IOException {
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      for (String region : List.of("", "/both", "/sha", "/plain")) {
        volume.createDirectory(VolumePath.of(region + "/dir"), 0755);
        try (VolumeFile file =
            volume.open(
                VolumePath.of(region + "/dir/file"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
          file.write(ByteBuffer.allocate(SIZE), 0);
        }
      }
      volume.createLink(VolumePath.of("/dir/link"), VolumePath.of("/dir/file"));
    }
  }

  private List<VolumePath> objects() {
    return bench.host().files().stream()
        .filter(path -> path.toString().contains("/objects/"))
        .toList();
  }

  private void recover() throws IOException {
    var unused = Volumes.recover(bench.environment(), bench.location(), bench.options());
  }

  @Test
  void objectsAreCutToWhatTheLastCommitNeeds() throws IOException {
    assertThat(objects()).hasSize(2);
    for (VolumePath object : objects()) {
      bench.host().extend(object.toString(), new byte[10_000]);
    }
    recover();
    for (VolumePath object : objects()) {
      assertThat(bench.host().read(object.toString())).as(object.toString()).hasSize(SIZE);
    }
    try (Volume volume = bench.openForReading();
        VolumeFile file = volume.open(VolumePath.of("/both/dir/file"))) {
      ByteBuffer content = ByteBuffer.allocate(SIZE);
      assertThat(file.read(content, 0)).isEqualTo(SIZE);
      assertThat(content.array()).containsOnly(0);
    }
  }

  @Test
  void aMissingObjectIsReportedWithItsPath() {
    VolumePath both =
        objects().stream().filter(path -> path.toString().contains("both")).findFirst().get();
    bench.host().delete(both.toString());
    assertThatThrownBy(this::recover)
        .isInstanceOfSatisfying(
            IntegrityException.class, e -> assertThat(e.path()).isEqualTo("/both/dir/file"));
  }
}
