package io.fspf.seal;

import static io.fspf.seal.Trees.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.FileType;
import io.fspf.Freshness;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeInfo;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees and files that come into volumes that exist. */
class ImporterTest {
  @TempDir Path temp;

  private final VolumeOptions options =
      VolumeOptions.of(Freshness.unchecked()).withKeys(KeyProviders.raw(VolumeKey.generate()));
  private Path home;
  private Path source;

  @BeforeEach
  void makeDirectories() throws IOException {
    home = Files.createDirectory(temp.resolve("home"));
    source = Files.createDirectory(temp.resolve("source"));
  }

  private void create(Region... regions) throws IOException {
    Volume.create(home, options, List.of(regions)).close();
  }

  private Importer into(String embedPoint) {
    return Importer.into(home, options, path(embedPoint));
  }

  private void verify() throws IOException {
    VerifyReport report = Verifier.of(home, options).verify();
    assertThat(report.damaged()).isEmpty();
    assertThat(report.notes()).isEmpty();
    assertThat(report.files()).isEqualTo(report.info().files());
    assertThat(report.directories()).isEqualTo(report.info().directories());
    assertThat(report.symlinks()).isEqualTo(report.info().symlinks());
    assertThat(report.bytes()).isEqualTo(report.info().bytes());
  }

  private static String text(VolumeView volume, String path) throws IOException {
    try (VolumeFile file = volume.open(VolumePath.of(path))) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      while (bytes.hasRemaining()) {
        assertThat(file.read(bytes, bytes.position())).isPositive();
      }
      return new String(bytes.array(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  private String read(String path) throws IOException {
    try (Volume volume = Volume.open(home, options)) {
      return text(volume, path);
    }
  }

  private long generation() throws IOException {
    try (Volume volume = Volume.open(home, options)) {
      return volume.generation();
    }
  }

  @Test
  void anOddTreeComesBackFromAnEncryptedRegion() throws IOException {
    Trees.makeOdd(source);
    create(Region.encrypted(VolumePath.ROOT, "."));
    long before = generation();
    VolumeInfo info = into("/").add(source, Optional.empty());
    assertThat(info.generation()).isEqualTo(before + 1);
    assertThat(info.files()).isPositive();
    verify();
    Path plain = temp.resolve("plain");
    assertThat(Unsealer.of(home, options, plain).unseal()).isEqualTo(info);
    assertThat(Trees.describe(plain)).isEqualTo(Trees.describe(source));
  }

  @Test
  void anOddTreeIsSealedWhereItStands() throws IOException {
    Trees.makeOdd(source);
    Map<String, String> before = Trees.describe(source);
    create(Region.authenticated(path("/usr"), source.toString()));
    into("/usr").add(source, Optional.empty());
    assertThat(Trees.describe(source)).isEqualTo(before);
    VerifyReport report = Verifier.of(home, options).withStrict(true).verify();
    assertThat(report.damaged()).isEmpty();
    Path plain = temp.resolve("plain");
    Unsealer.of(home, options, plain).withPath(path("/usr")).unseal();
    assertThat(Trees.describe(plain)).isEqualTo(before);
  }

  @Test
  void anAuthenticatedTreeIsCopiedToTheOutput() throws IOException {
    Trees.makeOdd(source);
    Path output = temp.resolve("output");
    create(Region.authenticated(VolumePath.ROOT, output.toString()));
    into("/").add(source, Optional.of(output));
    assertThat(Trees.describe(output)).isEqualTo(Trees.describe(source));
    assertThat(Verifier.of(home, options).withStrict(true).verify().damaged()).isEmpty();
    // Once more, over what is there.
    Files.writeString(source.resolve("sizes/f1"), "changed");
    into("/").add(source, Optional.of(output));
    assertThat(Trees.describe(output)).isEqualTo(Trees.describe(source));
    assertThat(Verifier.of(home, options).withStrict(true).verify().damaged()).isEmpty();
    assertThat(read("/sizes/f1")).isEqualTo("changed");
  }

  @Test
  void filesAreReplacedAndDirectoriesMerged() throws IOException {
    create(Region.encrypted(VolumePath.ROOT, "."));
    Files.createDirectories(source.resolve("a/b"));
    Files.write(source.resolve("a/large"), Trees.random(1, 100_000));
    Files.writeString(source.resolve("a/b/kept"), "kept");
    Files.writeString(source.resolve("a/b/old"), "old");
    into("/").add(source, Optional.empty());

    Path other =
        Files.createDirectories(temp.resolve("other/a/b/c")).resolve("../../..").normalize();
    Files.writeString(other.resolve("a/large"), "small now");
    Files.createSymbolicLink(other.resolve("a/b/old"), Path.of("kept"));
    Files.writeString(other.resolve("a/b/c/new"), "new");
    VolumeInfo info = into("/").add(other, Optional.empty());

    assertThat(info.files()).isEqualTo(3);
    assertThat(info.directories()).isEqualTo(4);
    assertThat(info.symlinks()).isEqualTo(1);
    assertThat(read("/a/large")).isEqualTo("small now");
    assertThat(read("/a/b/kept")).isEqualTo("kept");
    assertThat(read("/a/b/old")).isEqualTo("kept");
    assertThat(read("/a/b/c/new")).isEqualTo("new");
    try (Volume volume = Volume.open(home, options)) {
      assertThat(volume.attributes(path("/a/b")).links()).isEqualTo(3);
      assertThat(volume.attributes(path("/a/b/old"), LinkOption.NOFOLLOW_LINKS).type())
          .isEqualTo(FileType.SYMLINK);
    }
    verify();
    // The replaced object is gone.
    assertThat(objects()).isEmpty();
  }

  private List<Path> objects() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("objects"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void aDirectoryDoesNotReplaceAFile() throws IOException {
    create(Region.encrypted(VolumePath.ROOT, "."));
    Files.writeString(source.resolve("name"), "file");
    into("/").add(source, Optional.empty());
    Files.delete(source.resolve("name"));
    Files.createDirectory(source.resolve("name"));
    RootTag before = Volume.tagOf(home);
    assertThatThrownBy(() -> into("/").add(source, Optional.empty()))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("name");
    assertThat(Volume.tagOf(home)).isEqualTo(before);
  }

  @Test
  void oneOfSeveralNamesIsReplaced() throws IOException {
    create(Region.encrypted(VolumePath.ROOT, "."));
    Files.write(source.resolve("one"), Trees.random(3, 5000));
    Files.createLink(source.resolve("two"), source.resolve("one"));
    Files.createLink(source.resolve("three"), source.resolve("one"));
    into("/").add(source, Optional.empty());
    Path other = Files.createDirectory(temp.resolve("other"));
    Files.writeString(other.resolve("one"), "another");
    Files.writeString(other.resolve("two"), "another");
    into("/").add(other, Optional.empty());
    try (Volume volume = Volume.open(home, options)) {
      assertThat(volume.attributes(path("/three")).links()).isEqualTo(1);
    }
    verify();
    assertThat(objects()).hasSize(1);
    Files.writeString(other.resolve("three"), "another");
    into("/").add(other, Optional.empty());
    verify();
    assertThat(objects()).isEmpty();
  }

  @Test
  void oneFileGoesWhereTheOutputSays() throws IOException {
    Path host = home.resolve("encrypted/data");
    create(
        Region.notProtected(VolumePath.ROOT, temp.toString()),
        Region.encrypted(path("/data"), host.toString()));
    Path file = Files.writeString(source.resolve("single"), "one file");
    into("/data").add(file, Optional.of(host.resolve("sub/dir/other-name")));
    into("/data").add(file, Optional.of(temp.resolve("elsewhere")));
    assertThat(read("/data/sub/dir/other-name")).isEqualTo("one file");
    assertThat(read("/data/single")).isEqualTo("one file");
    verify();
  }

  @Test
  void oneFileGoesByItsNameWhereTheHostDirectoryIsToBeMade() throws IOException {
    Path host = temp.resolve("missing");
    create(Region.encrypted(VolumePath.ROOT, host.toString()));
    Path file = Files.writeString(source.resolve("single"), "one file");
    into("/sub").add(file, Optional.of(host));
    assertThat(read("/single")).isEqualTo("one file");
    into("/sub").add(file, Optional.of(host.resolve("other")));
    assertThat(read("/other")).isEqualTo("one file");
    verify();
  }

  @Test
  void oneAuthenticatedFileKeepsItsPlaceBelowTheHostDirectory() throws IOException {
    Files.createDirectories(source.resolve("lib/x"));
    Path file = Files.writeString(source.resolve("lib/x/file"), "plain");
    create(Region.authenticated(path("/usr"), source.toString()));
    into("/usr").add(file, Optional.empty());
    assertThat(read("/usr/lib/x/file")).isEqualTo("plain");
    verify();
    // And a copy of another one.
    Path other = Files.writeString(temp.resolve("other"), "copied");
    into("/usr").add(other, Optional.of(source.resolve("lib/copy")));
    assertThat(read("/usr/lib/copy")).isEqualTo("copied");
    assertThat(source.resolve("lib/copy")).hasContent("copied");
    verify();
  }

  @Test
  void theStagedHostDirectoryIsFilled() throws IOException {
    Path staged = temp.resolve("staged/app");
    Path host = temp.resolve("run/app");
    create(Region.encrypted(path("/app"), host.toString()));
    Files.write(source.resolve("binary"), Trees.random(9, 200_000));
    into("/app").add(source, Optional.of(staged));
    Files.createDirectories(host.getParent());
    Files.move(staged, host);
    verify();
  }

  @Test
  void whatLiesInAnotherRegionIsLeftOut() throws IOException {
    Files.createDirectories(source.resolve("secret"));
    Files.writeString(source.resolve("secret/file"), "x");
    Files.writeString(source.resolve("open"), "y");
    create(
        Region.authenticated(VolumePath.ROOT, source.toString()),
        Region.encrypted(path("/secret"), home.resolve("secret").toString()));
    VolumeInfo info = into("/").add(source, Optional.empty());
    assertThat(info.files()).isEqualTo(1);
    verify();
  }

  @Test
  void theFspfFileIsNotPartOfItsOwnRegion() throws IOException {
    Files.writeString(home.resolve("data"), "x");
    create(Region.authenticated(VolumePath.ROOT, "."));
    VolumeInfo info = into("/").add(home, Optional.empty());
    assertThat(info.files()).isEqualTo(1);
    verify();
  }

  @Test
  void onlyProtectedRegionsTakeFilesIn() throws IOException {
    create(Region.notProtected(VolumePath.ROOT, temp.toString()), Region.ephemeral(path("/tmp")));
    assertThatThrownBy(() -> into("/").add(source, Optional.empty()))
        .hasMessageContaining("not protected");
    assertThatThrownBy(() -> into("/tmp/x").add(source, Optional.empty()))
        .hasMessageContaining("ephemeral");
  }

  @Test
  void aCancelledImportLeavesTheVolumeAsItWas() throws IOException {
    create(Region.encrypted(VolumePath.ROOT, "."));
    for (int i = 0; i < 20; i++) {
      Files.write(source.resolve("file" + i), Trees.random(i, 100_000));
    }
    RootTag before = Volume.tagOf(home);
    var cancelling =
        new SealProgress() {
          private volatile long bytes;

          @Override
          public synchronized void advanced(long files, long more) {
            bytes += more;
          }

          @Override
          public boolean isCancelled() {
            return bytes > 500_000;
          }
        };
    assertThatThrownBy(() -> into("/").withProgress(cancelling).add(source, Optional.empty()))
        .isInstanceOf(CancellationException.class);
    assertThat(Volume.tagOf(home)).isEqualTo(before);
    assertThat(home.resolve("objects")).doesNotExist();
    verify();
  }

  @Test
  void excludedFilesStayOut() throws IOException {
    create(Region.encrypted(VolumePath.ROOT, "."));
    Files.createDirectories(source.resolve("a/logs"));
    Files.writeString(source.resolve("a/logs/x"), "x");
    Files.writeString(source.resolve("a/y.tmp"), "x");
    Files.writeString(source.resolve("z"), "x");
    VolumeInfo info =
        into("/")
            .withExclude("**/logs")
            .withExclude("**.tmp")
            .withThreads(1)
            .add(source, Optional.empty());
    assertThat(info.files()).isEqualTo(1);
    assertThat(info.directories()).isEqualTo(2);
  }
}
