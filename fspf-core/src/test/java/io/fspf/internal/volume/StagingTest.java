package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Copies of authenticated files that wait for a commit are gone when no commit can want them. */
class StagingTest {
  private static final VolumePath FILE = VolumePath.of("/sha/f");

  private final VolumeBench bench = new VolumeBench(1);
  private Volume volume;

  @BeforeEach
  void create() throws IOException {
    volume = bench.create(VolumeBench.REGIONS);
  }

  @AfterEach
  void close() throws IOException {
    volume.close();
    assertThat(bench.host().exists("/v/sha/.fspf-staging")).isFalse();
  }

  private List<VolumePath> staged() {
    return bench.host().files().stream()
        .filter(path -> path.toString().contains("/.fspf-staging/"))
        .toList();
  }

  private void write() throws IOException {
    try (VolumeFile file = open()) {
      fill(file, 1);
    }
  }

  private VolumeFile open() throws IOException {
    return volume.open(FILE, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  /** More than may be held in memory. */
  private static void fill(VolumeFile file, int value) throws IOException {
    byte[] content = new byte[8 * VolumeBench.CHUNK];
    java.util.Arrays.fill(content, (byte) value);
    file.write(ByteBuffer.wrap(content), 0);
  }

  private void commitTwice() throws IOException {
    assertThat(volume.commit()).isNotNull();
    volume.createDirectory(VolumePath.of("/something else"), 0755);
    assertThat(volume.commit()).isNotNull();
    volume.delete(VolumePath.of("/something else"));
    assertThat(volume.commit()).isNotNull();
  }

  @Test
  void changedAndCommitted() throws IOException {
    write();
    assertThat(staged()).isNotEmpty();
    commitTwice();
    assertThat(staged()).isEmpty();
  }

  @Test
  void removedBeforeACommit() throws IOException {
    write();
    volume.delete(FILE);
    commitTwice();
    assertThat(staged()).isEmpty();
  }

  @Test
  void removedWhileOpenThenChangedAndCommitted() throws IOException {
    write();
    commitTwice();
    try (VolumeFile file = open()) {
      volume.delete(FILE);
      fill(file, 2);
      commitTwice();
      assertThat(staged()).isNotEmpty();
    }
    commitTwice();
    assertThat(staged()).isEmpty();
  }

  @Test
  void changedThenRemovedWhileOpenAndCommitted() throws IOException {
    write();
    try (VolumeFile file = open()) {
      fill(file, 2);
      commitTwice();
      fill(file, 3);
      volume.delete(FILE);
      commitTwice();
      fill(file, 4);
      commitTwice();
    }
    commitTwice();
    assertThat(staged()).isEmpty();
  }

  @Test
  void removedWhileOpenBeforeItWasEverCommitted() throws IOException {
    try (VolumeFile file = open()) {
      fill(file, 1);
      volume.delete(FILE);
      commitTwice();
      fill(file, 2);
      commitTwice();
    }
    commitTwice();
    assertThat(staged()).isEmpty();
  }

  /** A crash leaves it; whoever opens the volume then takes it away before it is closed. */
  @Test
  void removedWhileOpenBeforeACrash() throws IOException {
    write();
    commitTwice();
    VolumeFile file = open();
    volume.delete(FILE);
    fill(file, 2);
    commitTwice();
    bench.setHost(bench.host().afterCrashKeepingAll());
    volume = bench.open();
    commitTwice();
  }
}
