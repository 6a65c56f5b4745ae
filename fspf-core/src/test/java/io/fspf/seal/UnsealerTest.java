package io.fspf.seal;

import static io.fspf.seal.Trees.path;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.Freshness;
import io.fspf.IntegrityException;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.NioHost;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unsealing into places that are not empty or not friendly, and from volumes that are not whole.
 */
class UnsealerTest {
  @TempDir Path temp;

  private final VolumeOptions options =
      VolumeOptions.of(Freshness.unchecked()).withKeys(KeyProviders.raw(VolumeKey.generate()));
  private Path source;
  private Path volume;
  private Path target;
  private Path outside;

  @BeforeEach
  void seal() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
    volume = temp.resolve("volume");
    target = temp.resolve("target");
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.createDirectory(source.resolve("dir"));
    Files.writeString(source.resolve("dir/file"), "right");
    Files.writeString(source.resolve("top"), "right");
    Files.createSymbolicLink(source.resolve("link"), Path.of("dir/file"));
    Files.write(source.resolve("large"), Trees.random(1, 300_000));
    Sealer.encrypt(source, volume).withKeys(options.keys().orElseThrow()).seal();
  }

  private Unsealer unsealer() {
    return Unsealer.of(volume, options, target);
  }

  @Test
  void anEmptyTargetIsTakenAndOneThatIsNotIsLeft() throws IOException {
    Files.createDirectory(target);
    unsealer().unseal();
    Map<String, String> before = Trees.describe(target);
    assertThat(before).isEqualTo(Trees.describe(source));
    assertThatThrownBy(() -> unsealer().unseal()).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Trees.describe(target)).isEqualTo(before);
  }

  @Test
  void forceReplacesFilesAndMergesDirectories() throws IOException {
    Files.createDirectories(target.resolve("dir"));
    Files.writeString(target.resolve("dir/file"), "old, and longer than the new one");
    Files.writeString(target.resolve("dir/mine"), "mine");
    Files.writeString(target.resolve("link"), "no link");
    unsealer().withForce(true).unseal();
    assertThat(target.resolve("dir/mine")).hasContent("mine");
    Files.delete(target.resolve("dir/mine"));
    NioHost.directory(target)
        .setTimes(
            path("/dir"), NioHost.directory(source).attributes(path("/dir")).modified(), null);
    assertThat(Trees.describe(target)).isEqualTo(Trees.describe(source));
  }

  @Test
  void plantedLinksAreNeverFollowed() throws IOException {
    Files.createDirectory(target);
    Files.writeString(outside.resolve("victim"), "untouched");
    Files.createSymbolicLink(target.resolve("dir"), outside);
    Files.createSymbolicLink(target.resolve("top"), outside.resolve("victim"));
    Files.createSymbolicLink(target.resolve("large"), outside.resolve("made"));
    Files.createSymbolicLink(target.resolve("link"), outside);
    Map<String, String> before = Trees.describe(outside);
    assertThatThrownBy(() -> unsealer().unseal()).isInstanceOf(FileAlreadyExistsException.class);
    unsealer().withForce(true).unseal();
    assertThat(Trees.describe(outside)).isEqualTo(before);
    assertThat(Trees.describe(target)).isEqualTo(Trees.describe(source));
  }

  @Test
  void hardLinksOfTheTargetAreNotWrittenThrough() throws IOException {
    Files.createDirectory(target);
    Path victim = Files.writeString(outside.resolve("victim"), "untouched");
    Files.createLink(target.resolve("top"), victim);
    unsealer().withForce(true).unseal();
    assertThat(victim).hasContent("untouched");
    assertThat(target.resolve("top")).hasContent("right");
  }

  @Test
  void aDirectoryInThePlaceOfAFileIsKept() throws IOException {
    Files.createDirectories(target.resolve("top/mine"));
    assertThatThrownBy(() -> unsealer().withForce(true).unseal())
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("top");
    assertThat(target.resolve("top/mine")).isDirectory();
  }

  @Test
  void aDamagedFileIsNotLeftBehind() throws IOException {
    HostCopy host = new HostCopy(volume);
    VolumePath object =
        host.files().keySet().stream()
            .filter(file -> !file.equals(path("/fspf.pb")))
            .findFirst()
            .orElseThrow();
    byte[] content = host.content(object);
    host.write(object, HostCopy.flipped(content, 8L * content.length - 1));
    assertThatThrownBy(() -> unsealer().unseal())
        .isInstanceOfSatisfying(
            IntegrityException.class, e -> assertThat(e.path()).isEqualTo("/large"));
    assertThat(target).exists();
    assertThat(target.resolve("large")).doesNotExist();
  }

  @Test
  void aNameThatLeadsOutIsRefused() throws IOException {
    Path hostile = Files.createDirectory(temp.resolve("hostile"));
    HostileVolumes.make(hostile, options, "..", false);
    assertThatThrownBy(() -> Unsealer.of(hostile, options, target.resolve("sub")).unseal())
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("no legal name");
    assertThat(Verifier.of(hostile, options).verify().damaged())
        .anySatisfy(damage -> assertThat(damage.reason()).contains("no legal name"));
  }

  @Test
  void aDirectoryThatHangsInItselfEndsTheWalk() throws IOException {
    Path hostile = Files.createDirectory(temp.resolve("hostile"));
    HostileVolumes.make(hostile, options, "again", true);
    assertThatThrownBy(() -> Unsealer.of(hostile, options, target.resolve("sub")).unseal())
        .isInstanceOf(IntegrityException.class);
    assertThat(Verifier.of(hostile, options).verify().damaged()).isNotEmpty();
  }

  @Test
  void aSubtreeOrOneFileComesAlone() throws IOException {
    unsealer().withPath(path("/dir")).unseal();
    assertThat(target.resolve("file")).hasContent("right");
    Path single = temp.resolve("deep/single");
    Unsealer.of(volume, options, single).withPath(path("/top")).unseal();
    assertThat(single).hasContent("right");
    assertThatThrownBy(() -> Unsealer.of(volume, options, single).withPath(path("/top")).unseal())
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> unsealer().withPath(path("/none")).unseal())
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void holesStayHoles() throws IOException {
    Path sparse = Files.createDirectory(temp.resolve("sparse"));
    try (HostFile file = NioHost.directory(sparse).open(path("/file"), HostDirectory.Mode.CREATE)) {
      file.setSize(64L << 20);
    }
    Path sealed = temp.resolve("sealed");
    Sealer.encrypt(sparse, sealed).withKeys(options.keys().orElseThrow()).seal();
    Unsealer.of(sealed, options, target).unseal();
    assertThat(target.resolve("file")).hasSize(64L << 20);
    long blocks = blocksOf(target.resolve("file"));
    assertThat(blocks).isLessThan(100);
  }

  private static long blocksOf(Path file) throws IOException {
    Process du = new ProcessBuilder("du", "-k", file.toString()).start();
    String output = new String(du.getInputStream().readAllBytes(), UTF_8);
    return Long.parseLong(output.substring(0, output.indexOf('\t')));
  }

  @Test
  void regionsComeTogetherAndUnprotectedOnesStayOut() throws IOException {
    Path home = Files.createDirectory(temp.resolve("home"));
    Path plain = Files.createDirectory(temp.resolve("plain"));
    Files.writeString(plain.resolve("not mine"), "x");
    List<Region> regions =
        List.of(
            Region.notProtected(VolumePath.ROOT, plain.toString()),
            Region.encrypted(path("/data/secret"), "secret"),
            Region.authenticated(path("/usr"), "usr"));
    Files.createDirectories(home.resolve("usr"));
    Files.createDirectories(home.resolve("secret"));
    try (Volume open = Volume.create(home, options, regions)) {
      for (String name : List.of("/data/secret/a", "/usr/b")) {
        try (VolumeFile file =
            open.open(path(name), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
          file.write(ByteBuffer.wrap(name.getBytes(UTF_8)), 0);
        }
      }
    }
    Unsealer.of(home, options, target).unseal();
    assertThat(target.resolve("data/secret/a")).hasContent("/data/secret/a");
    assertThat(target.resolve("usr/b")).hasContent("/usr/b");
    assertThat(target.resolve("not mine")).doesNotExist();
    HostAttributes data = NioHost.directory(target).attributes(path("/data"));
    assertThat(data.mode()).isEqualTo(0755);
  }

  @Test
  void cancellingStops() {
    var cancelling =
        new SealProgress() {
          private volatile boolean begun;

          @Override
          public void advanced(long files, long bytes) {
            begun = true;
          }

          @Override
          public boolean isCancelled() {
            return begun;
          }
        };
    assertThatThrownBy(() -> unsealer().withProgress(cancelling).unseal())
        .isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> Verifier.of(volume, options).withProgress(cancelling).verify())
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void progressCountsEveryFileAndByteOnce() throws IOException {
    var files = new java.util.concurrent.atomic.AtomicLong();
    var bytes = new java.util.concurrent.atomic.AtomicLong();
    SealProgress counting =
        (moreFiles, moreBytes) -> {
          files.addAndGet(moreFiles);
          bytes.addAndGet(moreBytes);
        };
    long size = 300_000 + 5 + 5;
    Path again = temp.resolve("again");
    Sealer.encrypt(source, again)
        .withKeys(options.keys().orElseThrow())
        .withProgress(counting)
        .seal();
    assertThat(files.getAndSet(0)).isEqualTo(3);
    assertThat(bytes.getAndSet(0)).isEqualTo(size);
    Verifier.of(volume, options).withProgress(counting).verify();
    assertThat(files.getAndSet(0)).isEqualTo(3);
    assertThat(bytes.getAndSet(0)).isEqualTo(size);
    unsealer().withProgress(counting).unseal();
    assertThat(files.get()).isEqualTo(3);
    assertThat(bytes.get()).isEqualTo(size);
  }
}
