package io.fspf.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.fspf.IntegrityException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes whose host is no disk: a file system in memory, a zip file, another volume. */
class OtherHostsTest {
  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(4).nextBytes(CONTENT);
  }

  @TempDir Path disk;

  private static void write(FileSystem volume) throws IOException {
    Files.createDirectories(volume.getPath("/d/e"));
    Files.write(volume.getPath("/d/e/large"), CONTENT);
    Files.writeString(volume.getPath("/d/small"), "small");
    Files.createSymbolicLink(volume.getPath("/link"), volume.getPath("d/small"));
  }

  private static void check(FileSystem volume) throws IOException {
    assertThat(Files.readAllBytes(volume.getPath("/d/e/large"))).isEqualTo(CONTENT);
    assertThat(volume.getPath("/link")).hasContent("small");
    try (var all = Files.walk(volume.getPath("/"))) {
      assertThat(all).hasSize(6);
    }
  }

  @Test
  void inMemory() throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem("volumes", Configuration.unix())) {
      Path place = Files.createDirectory(memory.getPath("/v"));
      var volumes = new TestVolumes(place);
      try (FileSystem volume = volumes.encrypted()) {
        write(volume);
        assertThat(volume.getPath("/d").toUri().toString())
            .isEqualTo("fspf:jimfs://volumes/v/fspf.pb!/d");
      }
      URI uri = URI.create("fspf:jimfs://volumes/v!/");
      try (FileSystem volume = FileSystems.newFileSystem(uri, volumes.environment())) {
        check(volume);
        Files.writeString(volume.getPath("/more"), "more");
      }
      try (FileSystem volume = volumes.open()) {
        assertThat(volume.getPath("/more")).hasContent("more");
        assertThat(Path.of(URI.create(uri + "more"))).hasContent("more");
      }
    }
  }

  /** Writes the host's files of a volume into a zip file. */
  private static Path zipped(Path place, Path zip) throws IOException {
    try (FileSystem target = FileSystems.newFileSystem(zip, Map.of("create", "true"));
        var all = Files.walk(place)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Path copy = target.getPath("/v").resolve(place.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
    return zip;
  }

  @Test
  void inAZipFileForReading() throws IOException {
    for (boolean encrypted : new boolean[] {true, false}) {
      Path place = disk.resolve("v" + encrypted);
      var volumes = new TestVolumes(place);
      try (FileSystem volume = encrypted ? volumes.encrypted() : volumes.authenticated()) {
        write(volume);
      }
      Path zip = zipped(place, disk.resolve(encrypted + ".zip"));
      byte[] before = Files.readAllBytes(zip);
      URI host = URI.create("jar:" + zip.toUri());
      try (FileSystem archive = FileSystems.newFileSystem(host, Map.of())) {
        var environment = volumes.environment().readOnly();
        URI uri = URI.create("fspf:" + host + "!/v!/");
        try (FileSystem volume = FileSystems.newFileSystem(uri, environment)) {
          check(volume);
          assertThat(Path.of(URI.create(uri + "d/small"))).hasContent("small");
          assertThatThrownBy(() -> Files.writeString(volume.getPath("/more"), "more"))
              .isInstanceOf(ReadOnlyFileSystemException.class);
        }
        assertThat(archive.isOpen()).isTrue();
      }
      assertThat(Files.readAllBytes(zip)).isEqualTo(before);
    }
  }

  @Test
  void aZipFileCannotHoldAVolumeThatIsWritten() throws IOException {
    var volumes = new TestVolumes(disk.resolve("v"));
    volumes.encrypted().close();
    Path zip = zipped(disk.resolve("v"), disk.resolve("v.zip"));
    try (FileSystem archive = FileSystems.newFileSystem(zip)) {
      Path place = archive.getPath("/v");
      assertThatThrownBy(() -> FspfFileSystems.open(place, volumes.environment().writable()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("fspf.pb");
      assertThatThrownBy(
              () -> FspfFileSystems.open(archive.getPath("/new"), volumes.environment().create()))
          .isInstanceOf(IOException.class);
      // Where nothing is said it is opened for what the host can do.
      try (FileSystem volume = FspfFileSystems.open(place, volumes.environment())) {
        assertThat(volume.isReadOnly()).isTrue();
      }
    }
  }

  @Test
  void inAnotherVolume() throws IOException {
    var outer = new TestVolumes(disk.resolve("outer"));
    try (FileSystem host = outer.encrypted()) {
      var inner = new TestVolumes(host.getPath("/inner"));
      try (FileSystem volume = inner.encrypted()) {
        write(volume);
      }
      try (FileSystem volume = inner.open()) {
        check(volume);
        Path file = volume.getPath("/d/small");
        assertThat(file.toUri().toString()).endsWith("fspf.pb!/inner/fspf.pb!/d/small");
        assertThat(Path.of(file.toUri())).isEqualTo(file);
      }
      Path object;
      try (var all = Files.walk(host.getPath("/inner"))) {
        object =
            all.filter(path -> path.toString().contains("objects/"))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow();
      }
      byte[] stored = Files.readAllBytes(object);
      stored[100_000] ^= 1;
      Files.write(object, stored);
      try (FileSystem volume = inner.open()) {
        assertThatThrownBy(() -> Files.readAllBytes(volume.getPath("/d/e/large")))
            .isInstanceOf(IntegrityException.class)
            .hasMessageContaining("/d/e/large at offset 65536");
      }
    }
  }
}
