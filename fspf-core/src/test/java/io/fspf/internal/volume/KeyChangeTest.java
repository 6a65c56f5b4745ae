package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A file whose key has protected as many chunks as it may gets a fresh one. */
class KeyChangeTest {
  private static final VolumePath PATH = VolumePath.of("/file");
  private static final int CHUNK = VolumeBench.CHUNK;

  private final VolumeBench bench = new VolumeBench(1);
  private final byte[] content = new byte[4 * CHUNK];

  private void write(VolumeFile file, int from) throws IOException {
    file.write(ByteBuffer.wrap(content, from, content.length - from), from);
  }

  @Test
  void oneThatFailedForLackOfSpaceIsMadeUpFor() throws IOException {
    bench.setLimits(new ContentLimits(0, 1 << 20, 1 << 20, 6, false));
    new Random(1).nextBytes(content);
    try (Volume volume = bench.create(VolumeBench.REGIONS)) {
      try (VolumeFile file =
          volume.open(PATH, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
        write(file, 0);
        volume.commit();
        // The first chunk has to be moved, and there is no room for it.
        bench.host().setCapacity(1);
        byte[] rest = new byte[3 * CHUNK];
        new Random(2).nextBytes(rest);
        System.arraycopy(rest, 0, content, CHUNK, rest.length);
        write(file, CHUNK);
        assertThatThrownBy(volume::commit)
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining("No space left");
        bench.host().setCapacity(Long.MAX_VALUE);
        volume.commit();
        volume.commit();
      }
      assertThat(read(volume)).isEqualTo(content);
    }
    try (Volume volume = bench.openForReading()) {
      assertThat(read(volume)).isEqualTo(content);
    }
  }

  @Test
  void theObjectThatWasLeftIsDeletedAlsoIfNothingOfItIsUsed() throws IOException {
    bench.setLimits(new ContentLimits(0, 1 << 20, 1 << 20, 6, false));
    new Random(1).nextBytes(content);
    try (Volume volume = bench.create(VolumeBench.REGIONS);
        VolumeFile file = volume.open(PATH, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      write(file, 0);
      volume.commit();
      file.setSize(0);
      volume.commit();
      // Four of six uses are gone.
      write(file, 0);
      volume.commit();
      volume.commit();
      assertThat(read(volume)).isEqualTo(content);
      assertThat(bench.host().files())
          .filteredOn(path -> path.toString().contains("/objects/"))
          .hasSize(1);
    }
  }

  private byte[] read(Volume volume) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(content.length);
    try (VolumeFile file = volume.open(PATH)) {
      file.read(into, 0);
    }
    return into.array();
  }
}
