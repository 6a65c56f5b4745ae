package io.fspf.nio;

import static io.fspf.nio.ProviderTamperTest.violation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fspf.IntegrityException;
import io.fspf.Region;
import io.fspf.VolumePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In the mounted tree too, a program reads what was committed or gets an {@link
 * IntegrityException}, and that names the path that the program knows, not the one in the volume.
 */
class MountedTamperTest {
  private static final int CHUNK = 4096;

  @TempDir Path host;
  private final byte[] content = new byte[3 * CHUNK + 100];

  // Set by make(), which every test calls first.
  @SuppressWarnings("NullAway.Init")
  private TestVolumes volumes;

  @SuppressWarnings("NullAway.Init")
  private HostState state;

  private void make(boolean encrypted) throws IOException {
    new Random(7).nextBytes(content);
    Path directory = Files.createDirectory(host.resolve("volume"));
    Files.createDirectory(directory.resolve("tree"));
    volumes = new TestVolumes(directory);
    Region region =
        encrypted
            ? Region.encrypted(VolumePath.ROOT, "tree")
            : Region.authenticated(VolumePath.ROOT, "tree");
    volumes.create(region.withChunkSize(CHUNK));
    try (FileSystem volume = volumes.open()) {
      Files.createDirectories(volume.getPath("/sub/dir"));
      Path file = Files.write(volume.getPath("/sub/dir/file"), content);
      Files.setAttribute(file, "user:a", new byte[] {1});
      Files.createSymbolicLink(volume.getPath("/sub/dir/link"), volume.getPath("file"));
    }
    state = new HostState(directory);
  }

  private interface Body {
    void run(FileSystem tree) throws Exception;
  }

  private Path inTree(FileSystem tree, String name) {
    return tree.getPath(host.resolve("mnt").resolve(name).toString());
  }

  /** With {@code /sub} of the volume at {@code mnt}. */
  private void mounted(boolean readOnly, Body body) throws Exception {
    var environment = new HashMap<String, Object>(volumes.environment().withCacheBytes(0));
    if (readOnly) {
      environment.put("readOnly", "true");
    }
    var table =
        MountTable.of(
            List.of(
                new MountTable.Entry(
                    host.resolve("mnt").toString(),
                    host.resolve("volume").toString(),
                    "/sub",
                    environment)));
    var provider = new MountedFileSystemProvider(FileSystems.getDefault().provider(), table);
    try {
      body.run(provider.getFileSystem(URI.create("file:///")));
    } finally {
      provider.closeMounts();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void contentIsNamedAsTheProgramKnowsIt(boolean encrypted) throws Exception {
    make(encrypted);
    Path stored = state.contents().get(0);
    Files.write(stored, HostState.flipped(state.content(stored), 8 * (2 * CHUNK + 5)));
    mounted(true, tree -> expectRefused(ReadingWays.all(), tree));
    mounted(false, tree -> expectRefused(ReadingWays.writable(), tree));
    mounted(
        false,
        tree -> {
          Path file = inTree(tree, "dir/file");
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (Callable<?> attempt :
                List.<Callable<?>>of(
                    () -> channel.write(ByteBuffer.allocate(5), 2 * CHUNK + 100),
                    () -> channel.truncate(2 * CHUNK + 20),
                    () -> Files.copy(file, host.resolve("out")),
                    () -> Files.move(file, tree.getPath(host.resolve("moved").toString())))) {
              IntegrityException violation = violation(catchThrowable(attempt::call));
              assertThat(violation.path()).isEqualTo(file.toString());
            }
          }
          assertThat(host.resolve("moved")).doesNotExist();
          assertThat(Files.exists(file)).isTrue();
        });
  }

  private void expectRefused(Map<String, ReadingWays.Way> ways, FileSystem tree) {
    Path file = inTree(tree, "dir/file");
    ways.forEach(
        (name, way) -> {
          if (name.equals("URL")) {
            return; // file: leads to the host.
          }
          var read = new ByteArrayOutputStream();
          IntegrityException violation = violation(catchThrowable(() -> way.read(file, read)));
          assertThat(violation.path()).as(name).isEqualTo(file.toString());
          assertThat(violation).as(name).hasMessageStartingWith(file + " at offset ");
          assertThat(violation.offset()).as(name).hasValue(2L * CHUNK);
          byte[] got = read.toByteArray();
          assertThat(got.length).as(name).isLessThan(content.length);
          assertThat(got).as(name).isEqualTo(Arrays.copyOf(content, got.length));
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void metadataIsNamedAsTheProgramKnowsIt(boolean encrypted) throws Exception {
    make(encrypted);
    byte[] metadata = state.content(state.metadata());
    Path mount = host.resolve("mnt");
    int named = 0;
    for (long bit = 3; bit < 8L * metadata.length; bit += 293) {
      Files.write(state.metadata(), metadata);
      long flipped = bit;
      int[] count = new int[1];
      mounted(
          true,
          tree -> {
            Path file = inTree(tree, "dir/file");
            Path link = inTree(tree, "dir/link");
            assertThat(Files.exists(mount)).isFalse();
            assertThat(Files.isDirectory(inTree(tree, ""))).isTrue(); // It is open now.
            Files.write(state.metadata(), HostState.flipped(metadata, flipped));
            for (Callable<?> attempt :
                List.<Callable<?>>of(
                    () -> Files.readAttributes(file, "unix:*"),
                    () -> Files.readAttributes(file, "user:*"),
                    () -> Files.readSymbolicLink(link),
                    () -> link.toRealPath(),
                    () -> Files.readAttributes(link, "*", LinkOption.NOFOLLOW_LINKS),
                    () -> listed(inTree(tree, "dir")),
                    () -> Files.readAllBytes(file))) {
              try {
                attempt.call();
              } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
                IntegrityException violation = violation(e);
                assertThat(violation.path()).startsWith(mount.toString());
                assertThat(violation).hasMessageNotContaining(state.metadata().toString());
                count[0]++;
              }
            }
          });
      named += count[0];
    }
    assertThat(named).isPositive();
    Files.write(state.metadata(), Arrays.copyOf(metadata, 10));
    mounted(
        true,
        tree ->
            assertThatThrownBy(() -> Files.readAllBytes(inTree(tree, "dir/file")))
                .isInstanceOf(IntegrityException.class)
                .hasMessageStartingWith(mount + ": in the volume, volume metadata"));
  }

  private static Object listed(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.map(Path::toString).sorted().toList();
    }
  }
}
