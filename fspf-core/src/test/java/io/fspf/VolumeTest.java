package io.fspf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume on the real host: what is written is read back, also after it was closed. */
class VolumeTest {
  @TempDir Path host;

  private final VolumeKey key = VolumeKey.generate();

  private VolumeOptions options() {
    KeyProvider keys = KeyProviders.raw(key);
    return VolumeOptions.of(Freshness.unchecked()).withKeys(keys);
  }

  private Volume create(Region... regions) throws IOException {
    return Volume.create(host, options(), List.of(regions));
  }

  static VolumePath path(String text) {
    return VolumePath.of(text);
  }

  static void write(Volume volume, String path, byte[] content) throws IOException {
    try (VolumeFile file =
        volume.open(
            path(path),
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      file.write(ByteBuffer.wrap(content), 0);
    }
  }

  static byte[] read(VolumeView volume, String path) throws IOException {
    try (VolumeFile file = volume.open(path(path))) {
      ByteBuffer into = ByteBuffer.allocate((int) file.size());
      while (into.hasRemaining() && file.read(into, into.position()) > 0) {
        // On to the rest.
      }
      return into.array();
    }
  }

  static List<String> names(VolumeView volume, String directory) throws IOException {
    List<String> names = new ArrayList<>();
    DirectoryCursor cursor = volume.list(path(directory));
    while (cursor.next()) {
      names.add(cursor.entry().name().toString());
    }
    return names;
  }

  @Test
  void encryptedFilesOfAllSizesComeBack() throws IOException {
    var random = new Random(1);
    int[] sizes = {0, 1, 2048, 2049, 65535, 65536, 65537, 1_000_000, 10_000_000};
    List<byte[]> contents = new ArrayList<>();
    RootTag tag;
    try (Volume volume = create(Region.encrypted(VolumePath.ROOT, "."))) {
      for (int size : sizes) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        contents.add(content);
        write(volume, "/f" + size, content);
        assertThat(read(volume, "/f" + size)).isEqualTo(content);
      }
      tag = volume.commit();
    }
    try (Volume volume = Volume.open(host, options())) {
      assertThat(volume.tag()).isNotEqualTo(tag);
      for (int i = 0; i < sizes.length; i++) {
        assertThat(read(volume, "/f" + sizes[i])).isEqualTo(contents.get(i));
      }
      assertThat(names(volume, "/")).hasSize(sizes.length);
      assertThat(volume.info().files()).isEqualTo(sizes.length);
    }
  }

  @Test
  void authenticatedFilesStayReadableOnTheHost() throws IOException {
    Files.createDirectory(host.resolve("usr"));
    try (Volume volume = create(Region.authenticated(path("/usr"), "usr"))) {
      volume.createDirectory(path("/usr/lib"), 0755);
      write(volume, "/usr/lib/a", "hello".getBytes(UTF_8));
      volume.commit();
      assertThat(host.resolve("usr/lib/a")).hasContent("hello");
      write(volume, "/usr/lib/a", "other".getBytes(UTF_8));
      assertThat(host.resolve("usr/lib/a")).hasContent("hello");
      volume.move(path("/usr/lib/a"), path("/usr/b"));
      assertThat(host.resolve("usr/b")).hasContent("other");
      assertThat(read(volume, "/usr/b")).isEqualTo("other".getBytes(UTF_8));
    }
    try (Volume volume = Volume.open(host, options())) {
      assertThat(read(volume, "/usr/b")).isEqualTo("other".getBytes(UTF_8));
    }
    Files.writeString(host.resolve("usr/b"), "0ther");
    try (Volume volume = Volume.open(host, options())) {
      assertThatThrownBy(() -> read(volume, "/usr/b"))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("/usr/b at offset 0");
      assertThatThrownBy(() -> read(volume, "/usr/c")).isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void rekeyingChangesTheKeyAndNothingElse() throws IOException {
    byte[] content = new byte[200_000];
    new Random(2).nextBytes(content);
    RootTag before;
    try (Volume volume = create(Region.encrypted(VolumePath.ROOT, "."))) {
      write(volume, "/big", content);
      write(volume, "/small", "s".getBytes(UTF_8));
      before = volume.commit();
    }
    VolumeKey other = VolumeKey.generate();
    RootTag after = Volume.rekey(host, options(), KeyProviders.raw(other));
    assertThat(after).isNotEqualTo(before).isEqualTo(Volume.tagOf(host));
    assertThatThrownBy(() -> Volume.open(host, options())).isInstanceOf(VolumeKeyException.class);
    VolumeOptions newOptions =
        VolumeOptions.of(Freshness.pinned(after)).withKeys(KeyProviders.raw(other));
    try (Volume volume = Volume.open(host, newOptions)) {
      assertThat(read(volume, "/big")).isEqualTo(content);
      assertThat(read(volume, "/small")).isEqualTo("s".getBytes(UTF_8));
      assertThat(volume.history()).hasSize(1);
    }
  }

  @Test
  void aVolumeWithoutKeyGetsOne() throws IOException {
    VolumeOptions clear = VolumeOptions.of(Freshness.unchecked());
    byte[] content = new byte[5000];
    try (Volume volume =
        Volume.create(host, clear, List.of(Region.encrypted(path("/data"), ".")))) {
      write(volume, "/data/f", content);
    }
    assertThat(clear.keys()).isEmpty();
    Volume.rekey(host, clear, KeyProviders.raw(key));
    assertThatThrownBy(() -> Volume.open(host, clear)).isInstanceOf(VolumeKeyException.class);
    try (Volume volume = Volume.open(host, options())) {
      assertThat(read(volume, "/data/f")).isEqualTo(content);
      assertThat(names(volume, "/")).containsExactly("data");
    }
  }

  @Test
  void compactionDropsGarbageWhileReadersGoOn() throws IOException {
    try (Volume volume = create(Region.encrypted(VolumePath.ROOT, "."))) {
      for (int i = 0; i < 200; i++) {
        write(volume, "/f" + i % 20, ("content " + i).getBytes(UTF_8));
        volume.commit();
      }
      write(volume, "/uncommitted", "u".getBytes(UTF_8));
      try (Volume.Snapshot old = volume.snapshot();
          VolumeFile open = volume.open(path("/f3"))) {
        long size = volume.info().metadataBytes();
        long generation = volume.generation();
        volume.compact();
        assertThat(volume.info().metadataBytes()).isLessThan(size / 10);
        assertThat(volume.generation()).isGreaterThan(generation);
        assertThat(volume.history()).hasSize(1);
        assertThat(read(old, "/f5")).isEqualTo("content 185".getBytes(UTF_8));
        ByteBuffer into = ByteBuffer.allocate(100);
        assertThat(open.read(into, 0)).isEqualTo(11);
      }
      write(volume, "/after", "a".getBytes(UTF_8));
    }
    try (Volume volume = Volume.open(host, options())) {
      assertThat(names(volume, "/")).hasSize(22);
      assertThat(read(volume, "/f19")).isEqualTo("content 199".getBytes(UTF_8));
      assertThat(read(volume, "/uncommitted")).isEqualTo("u".getBytes(UTF_8));
      assertThat(read(volume, "/after")).isEqualTo("a".getBytes(UTF_8));
    }
    assertThat(host).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void changesAreCommittedByInterval() throws Exception {
    VolumeOptions options = options().withCommitInterval(Duration.ofMillis(50));
    try (Volume volume =
        Volume.create(host, options, List.of(Region.encrypted(VolumePath.ROOT, ".")))) {
      RootTag before = volume.commit();
      write(volume, "/f", new byte[10]);
      for (int i = 0; i < 200 && volume.info().files() == 0; i++) {
        Thread.sleep(25);
      }
      assertThat(volume.info().files()).isEqualTo(1);
      assertThat(volume.tag()).isNotEqualTo(before);
    }
  }

  @Test
  void garbageIsCompactedInTheBackground() throws Exception {
    try (Volume volume = create(Region.encrypted(VolumePath.ROOT, "."))) {
      long most = 0;
      for (int i = 0; i < 1500; i++) {
        write(volume, "/f" + i % 3, new byte[1500]);
        volume.commit();
        most = Math.max(most, volume.info().metadataBytes());
      }
      assertThat(most).isLessThan(8 << 20);
    }
    assertThat(Files.size(host.resolve(Volume.FILE_NAME))).isLessThan(4 << 20);
  }

  @Test
  void aNewFileCanLoseItsNameWhileItIsOpen() throws IOException {
    Files.createDirectory(host.resolve("usr"));
    try (Volume volume =
        create(Region.encrypted(VolumePath.ROOT, "."), Region.authenticated(path("/usr"), "usr"))) {
      for (String name : List.of("/a", "/usr/a")) {
        try (VolumeFile file =
            volume.open(
                path(name),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE_NEW)) {
          file.write(ByteBuffer.wrap("hello".getBytes(UTF_8)), 0);
          volume.delete(path(name));
          ByteBuffer into = ByteBuffer.allocate(5);
          assertThat(file.read(into, 0)).isEqualTo(5);
          assertThat(into.array()).isEqualTo("hello".getBytes(UTF_8));
          volume.commit();
          assertThat(file.read(into.clear(), 0)).isEqualTo(5);
        }
      }
      assertThat(volume.info().files()).isLessThanOrEqualTo(2);
      volume.commit();
      assertThat(volume.info().files()).isZero();
    }
  }

  @Test
  void aLinkToANameThatNoFileCanHaveLeadsNowhere() throws IOException {
    try (Volume volume = create(Region.encrypted(VolumePath.ROOT, "."))) {
      volume.createSymbolicLink(path("/link"), ("/d/" + "n".repeat(256)).getBytes(UTF_8));
      for (String asked : List.of("/link", "/link/below")) {
        assertThatThrownBy(() -> volume.attributes(path(asked)))
            .isInstanceOf(FileSystemException.class)
            .hasMessageStartingWith(asked);
        assertThatThrownBy(() -> write(volume, asked, new byte[1]))
            .isInstanceOf(FileSystemException.class);
      }
      assertThat(volume.attributes(path("/link"), LinkOption.NOFOLLOW_LINKS).type())
          .isEqualTo(FileType.SYMLINK);
    }
  }
}
