package io.fspf.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {
  private static final String HEX =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfeff";
  private static final byte[] VOLUME = new byte[16];

  private final Path directory;

  KeyFilesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void createdPrivateCompleteAndAlone() throws IOException {
    Path file = directory.resolve("key");
    VolumeKey key = KeyFiles.create(file);
    assertThat(Files.readString(file)).isEqualTo(new String(key.exportHex()) + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(KeyFiles.read(file)).isEqualTo(key);
    try (Stream<Path> names = Files.list(directory)) {
      assertThat(names).containsExactly(file);
    }
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Path file = privateFile("something else");
    assertThatThrownBy(() -> KeyFiles.create(file)).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readString(file)).isEqualTo("something else");
    Path dangling = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("no"));
    assertThatThrownBy(() -> KeyFiles.create(dangling))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> KeyFiles.create(directory.resolve("none/key")))
        .isInstanceOf(NoSuchFileException.class);
    try (Stream<Path> names = Files.list(directory)) {
      assertThat(names).containsExactlyInAnyOrder(file, dangling);
    }
  }

  @Test
  void digitsWithAndWithoutNewline() throws IOException {
    VolumeKey key = VolumeKey.parse(HEX);
    assertThat(KeyFiles.read(privateFile(HEX))).isEqualTo(key);
    assertThat(KeyFiles.read(privateFile(HEX + "\n"))).isEqualTo(key);
    assertThat(KeyFiles.read(privateFile(HEX + "\r\n"))).isEqualTo(key);
    Path link = Files.createSymbolicLink(directory.resolve("link"), privateFile(HEX));
    assertThat(KeyFiles.read(link)).as("as mounted secrets are").isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "00",
        HEX + HEX,
        HEX + "\n\n",
        HEX + "  ",
        " " + HEX,
        "zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfeff",
        "\u00e40102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfef"
      })
  void otherContentIsRefusedWithoutShowingIt(String content) throws IOException {
    Path file = privateFile(content);
    assertThatThrownBy(() -> KeyFiles.read(file))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("0405");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-rw-rw-"})
  void aFileThatOthersCanReadOrChangeIsRefused(String mode) throws IOException {
    Path file = privateFile(HEX);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertThatThrownBy(() -> KeyFiles.read(file))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("chmod 600")
        .hasMessageContaining(file.toString());
  }

  @Test
  void theProviderMakesAKeyOnceAndUsesItFromThenOn() throws IOException {
    Path file = directory.resolve("key");
    try (KeyProvider provider = KeyProviders.file(file);
        NewKey first = provider.create(VOLUME);
        NewKey second = provider.create(VOLUME)) {
      assertThat(first.keySlots()).isEmpty();
      assertThat(second.key()).isEqualTo(first.key());
      assertThat(provider.unlock(KeyRequest.of(VOLUME, List.of()))).isEqualTo(first.key());
      assertThat(provider.toString()).contains(file.toString());
    }
  }

  @Test
  void aMissingFileIsAMissingKey() {
    KeyProvider provider = KeyProviders.file(directory.resolve("key"));
    assertThatThrownBy(() -> provider.unlock(KeyRequest.of(VOLUME, List.of())))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("does not exist");
    KeyProvider ofDirectory = KeyProviders.file(directory);
    assertThatThrownBy(() -> ofDirectory.unlock(KeyRequest.of(VOLUME, List.of())))
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("directory");
  }

  @Test
  void manyWhoCreateAtOnceAgree() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        Path file = directory.resolve("key" + round);
        List<Callable<VolumeKey>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          tasks.add(() -> KeyProviders.file(file).create(VOLUME).key());
        }
        List<VolumeKey> keys = new ArrayList<>();
        for (Future<VolumeKey> future : executor.invokeAll(tasks)) {
          keys.add(future.get());
        }
        VolumeKey stored = KeyFiles.read(file);
        assertThat(keys).hasSize(8).allMatch(stored::equals);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private Path privateFile(String content) throws IOException {
    Path file = Files.createTempFile(directory, "key", "");
    Files.writeString(file, content);
    return file;
  }
}
