package io.fspf.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.VolumePath;
import io.fspf.nio.testkit.FileSystemAcceptanceTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ephemeral region is like any other while it is mounted, and nothing afterwards. */
class EphemeralRegionTest extends FileSystemAcceptanceTest {
  @TempDir static Path host;
  @TempDir static Path temporary;
  private static TestVolumes volumes;
  private static FileSystem shared;

  @BeforeAll
  static void make() throws IOException {
    volumes = new TestVolumes(host);
    volumes.create(
        Region.encrypted(VolumePath.ROOT, "."), Region.ephemeral(VolumePath.of("/var/tmp")));
    shared = open(volumes.environment());
  }

  private static FileSystem open(FspfEnvironment environment) throws IOException {
    return FspfFileSystems.open(host, environment.withEphemeralDirectory(temporary));
  }

  @AfterAll
  static void close() throws IOException {
    shared.close();
    assertThat(temporary).isEmptyDirectory();
  }

  @Override
  protected Path workDirectory() {
    return shared.getPath("/var/tmp");
  }

  @Override
  protected Set<String> exempt() {
    return CompatibilityTableTest.EXPLAINED.keySet();
  }

  @Test
  void nothingIsLeftAfterTheMount() throws IOException {
    Path other = Files.createDirectories(host.resolve("other"));
    var own = new TestVolumes(other);
    own.create(Region.encrypted(VolumePath.ROOT, "."), Region.ephemeral(VolumePath.of("/tmp")));
    Path kept = Files.createDirectory(temporary.resolve("kept"));
    var environment = own.environment().withEphemeralDirectory(kept);
    byte[] secret = "very secret text ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    try (FileSystem volume = FspfFileSystems.open(other, environment)) {
      Files.write(volume.getPath("/tmp/a"), secret);
      Files.createSymbolicLink(volume.getPath("/link"), volume.getPath("tmp/a"));
      Files.createSymbolicLink(volume.getPath("/tmp/out"), volume.getPath("../kept"));
      Files.writeString(volume.getPath("/tmp/out"), "through a link");
      assertThat(volume.getPath("/kept")).hasContent("through a link");
      assertThat(Files.readAllBytes(volume.getPath("/link"))).isEqualTo(secret);
      assertThat(volume.getPath("/tmp/../tmp/./a").toRealPath())
          .isEqualTo(volume.getPath("/tmp/a"));
      FspfFileSystems.volume(volume).commit();
      assertThat(kept).isNotEmptyDirectory();
      try (var all = Files.walk(kept)) {
        assertThat(all.filter(Files::isRegularFile))
            .allSatisfy(
                file ->
                    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("secret"));
      }
      assertThatThrownBy(
              () ->
                  Files.move(
                      volume.getPath("/tmp/a"),
                      volume.getPath("/b"),
                      StandardCopyOption.ATOMIC_MOVE))
          .isInstanceOf(AtomicMoveNotSupportedException.class);
      Files.move(volume.getPath("/tmp/a"), volume.getPath("/b"));
      assertThat(Files.readAllBytes(volume.getPath("/b"))).isEqualTo(secret);
      Files.createDirectories(volume.getPath("/tmp/d/e"));
    }
    assertThat(kept).isEmptyDirectory();
    Files.delete(kept);
    try (FileSystem volume =
        FspfFileSystems.open(other, environment.withEphemeralDirectory(temporary))) {
      assertThat(volume.getPath("/tmp")).isEmptyDirectory();
      assertThat(volume.getPath("/kept")).hasContent("through a link");
      assertThat(Files.exists(volume.getPath("/link"))).isFalse();
    }
  }

  @Test
  void aReadOnlyVolumeHasAWritableEphemeralRegion() throws IOException {
    Path other = Files.createDirectories(host.resolve("pinned"));
    var own = new TestVolumes(other);
    own.create(Region.encrypted(VolumePath.ROOT, "."), Region.ephemeral(VolumePath.of("/tmp")));
    var pinned =
        own.environment()
            .withFreshness(Freshness.pinned(io.fspf.Volume.tagOf(other)))
            .withEphemeralDirectory(temporary);
    try (FileSystem volume = FspfFileSystems.open(other, pinned)) {
      Files.writeString(volume.getPath("/tmp/a"), "x");
      assertThat(Files.isWritable(volume.getPath("/tmp/a"))).isTrue();
      assertThat(Files.isWritable(volume.getPath("/"))).isFalse();
      assertThatThrownBy(() -> Files.writeString(volume.getPath("/a"), "x"))
          .isInstanceOf(java.nio.file.ReadOnlyFileSystemException.class);
    }
  }
}
