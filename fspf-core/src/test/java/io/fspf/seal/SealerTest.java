package io.fspf.seal;

import static io.fspf.seal.Trees.path;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.primitives.Bytes;
import io.fspf.Freshness;
import io.fspf.FreshnessException;
import io.fspf.Integrity;
import io.fspf.Name;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeInfo;
import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.VolumeLockedException;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.NioHost;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagStore;
import io.fspf.tag.TagStores;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sealing refuses, hides, replaces, and leaves behind when it fails. */
class SealerTest {
  private static final int CHUNK = 4096;

  @TempDir Path temp;

  private final KeyProvider keys = KeyProviders.raw(VolumeKey.generate());
  private final VolumeOptions options = VolumeOptions.of(Freshness.unchecked()).withKeys(keys);
  private Path source;
  private Path target;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
    target = temp.resolve("target");
  }

  private Sealer encrypt() {
    return Sealer.encrypt(source, target).withKeys(keys).withChunkSize(CHUNK);
  }

  private void makeFiles(int count, int size) throws IOException {
    for (int i = 0; i < count; i++) {
      Files.write(source.resolve(String.format("file%03d", i)), Trees.random(i, size));
    }
  }

  private static List<Path> allBelow(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(path -> !path.equals(directory)).toList();
    }
  }

  /** A failed seal leaves the source as it was, and no target. */
  private void expectNothingLeft() {
    assertThat(target).doesNotExist();
  }

  // ---------------------------------------------------------------------------------------- hiding

  @Test
  void noNameAndNoContentShowsOnTheHost() throws IOException {
    List<byte[]> secrets = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String name = "secretname" + i;
      byte[] content = Trees.random(100 + i, 10 + i * 500);
      Path directory = Files.createDirectories(source.resolve("hiddendir" + i % 3));
      Path file = Files.write(directory.resolve(name), content);
      Files.createSymbolicLink(directory.resolve("link" + name), Path.of("targetof" + name));
      NioHost.directory(directory)
          .setExtendedAttribute(
              path("/" + name), Name.of("attr" + name), "valueof".getBytes(UTF_8));
      assertThat(file).exists();
      secrets.add(name.getBytes(UTF_8));
      secrets.add(content.length > 16 ? java.util.Arrays.copyOf(content, 16) : content);
    }
    secrets.add("hiddendir".getBytes(UTF_8));
    secrets.add("targetof".getBytes(UTF_8));
    secrets.add("valueof".getBytes(UTF_8));
    encrypt().seal();
    HostDirectory host = NioHost.directory(target);
    List<VolumePath> files = Trees.files(host, VolumePath.ROOT);
    assertThat(files).hasSizeGreaterThan(20);
    for (VolumePath file : files) {
      byte[] stored = Trees.read(host, file);
      for (byte[] secret : secrets) {
        assertThat(Bytes.indexOf(stored, secret)).as("%s in %s", secret, file).isNegative();
        assertThat(file.toString()).doesNotContain(new String(secret, UTF_8));
      }
    }
  }

  @Test
  void holesTakeNoRoomAndAnEmptyFileHasNoObject() throws IOException {
    try (HostFile file =
        NioHost.directory(source).open(path("/holes"), HostDirectory.Mode.CREATE)) {
      file.setSize(1000L * CHUNK);
    }
    VolumeInfo info = encrypt().seal();
    assertThat(info.bytes()).isEqualTo(1000L * CHUNK);
    assertThat(target.resolve("objects")).doesNotExist();
  }

  // ---------------------------------------------------------------------------------------
  // refusals

  @Test
  void encryptionAndGmacNeedAKey() throws IOException {
    makeFiles(1, 10);
    assertThatThrownBy(() -> Sealer.encrypt(source, target).seal())
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("needs a key");
    assertThatThrownBy(() -> Sealer.authenticate(source).withIntegrity(Integrity.GMAC).seal())
        .isInstanceOf(VolumeKeyException.class)
        .hasMessageContaining("SHA-256");
    expectNothingLeft();
  }

  @Test
  void settingsThatDoNotGoTogetherAreRefusedAtOnce() {
    assertThatThrownBy(() -> Sealer.authenticate(source).withIntegrity(Integrity.GCM))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encrypt().withIntegrity(Integrity.SHA256))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encrypt().withChunkSize(5000))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encrypt().withThreads(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encrypt().withExclude("[a"))
        .isInstanceOf(IllegalArgumentException.class);
    RootTag tag = RootTag.ofBytes(new byte[32]);
    assertThatThrownBy(() -> encrypt().withFreshness(Freshness.pinned(tag)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theSourceIsADirectoryOutsideOfTheTarget() throws IOException {
    assertThatThrownBy(() -> Sealer.encrypt(temp.resolve("none"), target).withKeys(keys).seal())
        .isInstanceOf(NoSuchFileException.class);
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> Sealer.encrypt(file, target).withKeys(keys).seal())
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> Sealer.encrypt(source, source.resolve("x")).withKeys(keys).seal())
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("within the source");
    assertThat(source).isEmptyDirectory();
    assertThatThrownBy(() -> Sealer.encrypt(source, source).withKeys(keys).seal())
        .hasMessageContaining("within the source");
    expectNothingLeft();
  }

  @Test
  void aFifoIsRefusedByName() throws Exception {
    Path fifo = source.resolve("a-fifo");
    assumeTrue(run("mkfifo", fifo.toString()));
    makeFiles(3, 100_000);
    assertThatThrownBy(() -> encrypt().seal())
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("a-fifo");
    expectNothingLeft();
    // Left out, it does no harm.
    assertThat(encrypt().withExclude("a-*").seal().files()).isEqualTo(3);
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void anUnreadableFileIsNamed() throws IOException {
    makeFiles(2, 100);
    Path secret = source.resolve("file001");
    Files.setPosixFilePermissions(secret, java.util.Set.of());
    assumeTrue(!Files.isReadable(secret), "the administrator reads everything");
    assertThatThrownBy(() -> encrypt().seal())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("file001");
    expectNothingLeft();
  }

  /** What this process has open below a directory, deleted or not; Linux tells. */
  private static List<Path> openBelow(Path directory) throws IOException {
    var open = new ArrayList<Path>();
    try (DirectoryStream<Path> handles = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path handle : handles) {
        try {
          Path file = Files.readSymbolicLink(handle);
          if (file.startsWith(directory)) {
            open.add(file);
          }
        } catch (NoSuchFileException e) {
          // Closed meanwhile, as the one that lists them.
        }
      }
    }
    return open;
  }

  @Test
  void aFullDiskIsAnErrorAndLeavesNothing() throws Exception {
    Path small = Files.createDirectory(temp.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()),
        "no right to mount");
    try {
      makeFiles(30, 100_000);
      Sealer full = Sealer.encrypt(source, small.resolve("target")).withKeys(keys);
      // More than once: which files are waiting to be made durable when it fails is chance.
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(full::seal).isInstanceOf(IOException.class);
        assertThat(small).isEmptyDirectory();
        assertThat(openBelow(small)).isEmpty();
      }
    } finally {
      assertThat(run("umount", small.toString())).isTrue();
    }
  }

  // ----------------------------------------------------------------------------------------
  // changes

  /** Does something once, when so many bytes are done. */
  private static final class After implements SealProgress {
    interface Action {
      void run() throws IOException;
    }

    private final long bytes;
    private final Action action;
    private final AtomicLong done = new AtomicLong();
    private final AtomicBoolean ran = new AtomicBoolean();

    After(long bytes, Action action) {
      this.bytes = bytes;
      this.action = action;
    }

    @Override
    public void advanced(long files, long more) {
      if (done.addAndGet(more) >= bytes && ran.compareAndSet(false, true)) {
        try {
          action.run();
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  private void expectChange(String name, After.Action action) {
    assertThatThrownBy(() -> encrypt().withProgress(new After(1, action)).seal())
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("changed while");
    expectNothingLeft();
  }

  @Test
  void aFileThatGrowsMeanwhileIsNamed() throws IOException {
    makeFiles(1, 10 * CHUNK);
    expectChange(
        "file000",
        () -> Files.write(source.resolve("file000"), new byte[1], StandardOpenOption.APPEND));
  }

  @Test
  void aFileThatShrinksMeanwhileIsNamed() throws IOException {
    makeFiles(1, 100 * CHUNK);
    expectChange("file000", () -> Files.write(source.resolve("file000"), new byte[5000]));
  }

  @Test
  void aFileOfTheSameSizeThatIsWrittenMeanwhileIsNamed() throws IOException {
    makeFiles(1, 100 * CHUNK);
    expectChange("file000", () -> Files.write(source.resolve("file000"), new byte[100 * CHUNK]));
  }

  @Test
  void aFileThatIsReplacedMeanwhileIsNamed() throws IOException {
    makeFiles(1, 10 * CHUNK);
    expectChange(
        "file000",
        () -> {
          Path other = Files.write(temp.resolve("other"), new byte[10 * CHUNK]);
          Files.setLastModifiedTime(other, Files.getLastModifiedTime(source.resolve("file000")));
          Files.move(
              other, source.resolve("file000"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        });
  }

  @Test
  void aFileThatVanishesMeanwhileIsNamed() throws IOException {
    makeFiles(600, 3000);
    expectChange("file599", () -> Files.delete(source.resolve("file599")));
  }

  @Test
  void aFileThatAppearsMeanwhileIsNoticed() throws IOException {
    makeFiles(3, 10 * CHUNK);
    expectChange("source", () -> Files.createFile(source.resolve("new")));
  }

  @Test
  void aFileThatBecomesADirectoryIsNamed() throws IOException {
    makeFiles(600, 3000);
    expectChange(
        "file599",
        () -> {
          Files.delete(source.resolve("file599"));
          Files.createDirectory(source.resolve("file599"));
        });
  }

  @Test
  void changesAreNoticedWhenSealingInPlace() throws IOException {
    makeFiles(2, 100_000);
    Map<String, String> before = Trees.describe(source);
    var change =
        new After(
            1,
            () -> Files.write(source.resolve("file000"), new byte[1], StandardOpenOption.APPEND));
    assertThatThrownBy(() -> Sealer.authenticate(source).withThreads(1).withProgress(change).seal())
        .hasMessageContaining("file000");
    assertThat(Trees.describe(source).keySet()).isEqualTo(before.keySet());
  }

  @Test
  void cancellingLeavesNothing() throws IOException {
    makeFiles(50, 20 * CHUNK);
    var done = new AtomicLong();
    var cancelling =
        new SealProgress() {
          @Override
          public void advanced(long files, long bytes) {
            done.addAndGet(bytes);
          }

          @Override
          public boolean isCancelled() {
            return done.get() > 100L * CHUNK;
          }
        };
    assertThatThrownBy(() -> encrypt().withProgress(cancelling).seal())
        .isInstanceOf(CancellationException.class);
    assertThat(done.get()).isLessThan(900L * CHUNK);
    expectNothingLeft();
  }

  // --------------------------------------------------------------------------------------
  // replacing

  @Test
  void anExistingVolumeIsReplacedOnlyByForce() throws IOException {
    makeFiles(5, 10_000);
    VolumeInfo first = encrypt().seal();
    assertThatThrownBy(() -> encrypt().seal()).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Volume.tagOf(target)).isEqualTo(first.tag());
    Files.delete(source.resolve("file000"));
    VolumeInfo second = encrypt().withForce(true).seal();
    assertThat(second.volumeId()).isNotEqualTo(first.volumeId());
    VerifyReport report = Verifier.of(target, options).verify();
    assertThat(report.damaged()).isEmpty();
    assertThat(report.notes()).isEmpty();
    assertThat(report.files()).isEqualTo(4);
  }

  @Test
  void aFailedReplacementLeavesTheOldVolume() throws IOException {
    makeFiles(5, 10_000);
    encrypt().seal();
    List<Path> before = allBelow(target);
    var change =
        new After(
            1,
            () -> Files.write(source.resolve("file000"), new byte[1], StandardOpenOption.APPEND));
    assertThatThrownBy(() -> encrypt().withForce(true).withThreads(1).withProgress(change).seal())
        .hasMessageContaining("file000");
    assertThat(allBelow(target)).containsExactlyInAnyOrderElementsOf(before);
    assertThat(Verifier.of(target, options).verify().isIntact()).isTrue();
  }

  @Test
  void aVolumeInUseIsNotReplaced() throws IOException {
    makeFiles(2, 10_000);
    encrypt().seal();
    try (Volume open = Volume.open(target, options)) {
      assertThatThrownBy(() -> encrypt().withForce(true).seal())
          .isInstanceOf(VolumeLockedException.class);
      assertThat(open.info().files()).isEqualTo(2);
    }
    assertThat(Verifier.of(target, options).verify().isIntact()).isTrue();
  }

  @Test
  void anAuthenticatedDirectoryIsSealedAgain() throws IOException {
    makeFiles(3, 100);
    Sealer.authenticate(source).seal();
    Files.writeString(source.resolve("file000"), "changed on purpose");
    VolumeInfo again = Sealer.authenticate(source).withForce(true).seal();
    assertThat(again.files()).isEqualTo(3);
    assertThat(
            Verifier.of(source, VolumeOptions.of(Freshness.pinned(again.tag()))).verify().notes())
        .isEmpty();
  }

  @Test
  void excludedFilesAreLeftOut() throws IOException {
    Files.createDirectories(source.resolve("a/b/cache"));
    Files.writeString(source.resolve("a/b/cache/x"), "x");
    Files.writeString(source.resolve("a/b/keep"), "x");
    Files.writeString(source.resolve("a/x.log"), "x");
    VolumeInfo info = encrypt().withExclude("**/cache").withExclude("a/*.log").seal();
    assertThat(info.files()).isEqualTo(1);
    assertThat(info.directories()).isEqualTo(3);
  }

  // ------------------------------------------------------------------------------------- tag
  // stores

  @Test
  void aTagStoreKnowsTheNewVolume() throws IOException {
    makeFiles(2, 10_000);
    TagStore store = TagStores.memory();
    var protectedByStore = Freshness.store(store, TagPolicy.ROLLBACK_PROTECTED, "app");
    VolumeInfo info = encrypt().withFreshness(protectedByStore).seal();
    VolumeOptions checked = VolumeOptions.of(protectedByStore).withKeys(keys);
    assertThat(Verifier.of(target, checked).verify().info().tag()).isEqualTo(info.tag());
    // The name is taken: a second volume cannot slip into its place.
    Path other = temp.resolve("other");
    assertThatThrownBy(
            () ->
                Sealer.encrypt(source, other).withKeys(keys).withFreshness(protectedByStore).seal())
        .isInstanceOf(FreshnessException.class);
    assertThat(other).doesNotExist();
  }

  // ------------------------------------------------------------------------------------------
  // kills

  /** Seals in a JVM of its own, which dies at the given chunk. */
  public static final class Killed {
    private Killed() {}

    /** Source, target, bytes until death. */
    public static void main(String[] arguments) throws IOException {
      long deadly = Long.parseLong(arguments[2]);
      var done = new AtomicLong();
      Sealer.encrypt(Path.of(arguments[0]), Path.of(arguments[1]))
          .withKeys(KeyProviders.raw(VolumeKey.ofBytes(new byte[32])))
          .withChunkSize(CHUNK)
          .withProgress(
              (files, bytes) -> {
                if (done.addAndGet(bytes) > deadly) {
                  Runtime.getRuntime().halt(9);
                }
              })
          .seal();
    }
  }

  @Test
  void aKilledSealLeavesNoVolumeThatOpens() throws Exception {
    makeFiles(20, 20 * CHUNK);
    for (long deadly : new long[] {0, 150L * CHUNK, 399L * CHUNK}) {
      Process killed =
          new ProcessBuilder(
                  ChildJvm.command(
                      Killed.class,
                      List.of(),
                      source.toString(),
                      target.toString(),
                      Long.toString(deadly)))
              .inheritIO()
              .start();
      assertThat(killed.waitFor()).isEqualTo(9);
      assertThatThrownBy(() -> Volume.open(target, options).close())
          .isInstanceOf(NoSuchFileException.class);
    }
    // Each seal takes away what the one before was making: the last one's is left, and no obstacle.
    assertThat(drafts()).hasSize(1);
    encrypt().seal();
    assertThat(drafts()).isEmpty();
    VerifyReport report = Verifier.of(target, options).verify();
    assertThat(report.damaged()).isEmpty();
    assertThat(report.files()).isEqualTo(20);
  }

  private List<Path> drafts() throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files.filter(file -> file.toString().endsWith(".new")).toList();
    }
  }

  /** Seals with little memory. */
  public static final class Small {
    private Small() {}

    /** Source and target. */
    public static void main(String[] arguments) throws IOException {
      KeyProvider keys = KeyProviders.raw(VolumeKey.ofBytes(new byte[32]));
      Path target = Path.of(arguments[1]);
      VolumeInfo info = Sealer.encrypt(Path.of(arguments[0]), target).withKeys(keys).seal();
      VolumeOptions options = VolumeOptions.of(Freshness.unchecked()).withKeys(keys);
      VerifyReport report = Verifier.of(target, options.withCacheBytes(8 << 20)).verify();
      boolean right = report.isIntact() && report.files() == info.files();
      System.exit(right ? 0 : 1);
    }
  }

  @Test
  @Tag("slow")
  void aLargeTreeSealsInASmallHeap() throws Exception {
    for (int d = 0; d < 100; d++) {
      Path directory = Files.createDirectory(source.resolve("directory-number-" + d));
      for (int i = 0; i < 1000; i++) {
        Files.write(directory.resolve("file-number-" + i), new byte[] {(byte) i, (byte) d, 1});
      }
    }
    HostDirectory host = NioHost.directory(source);
    for (int i = 0; i < 4; i++) {
      try (HostFile file = host.open(path("/large" + i), HostDirectory.Mode.CREATE)) {
        byte[] piece = Trees.random(i, 1 << 20);
        for (int at = 0; at < 512; at++) {
          file.write((long) at << 20, piece, 0, piece.length);
        }
      }
    }
    Process small =
        new ProcessBuilder(
                ChildJvm.command(
                    Small.class, List.of("-Xmx64m"), source.toString(), target.toString()))
            .inheritIO()
            .start();
    assertThat(small.waitFor()).isZero();
  }
}
