package io.fspf.nio;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import io.fspf.Freshness;
import io.fspf.nio.testkit.FileSystemAcceptanceTest;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes at their usual paths, in this virtual machine and in one of an unmodified program. */
class MountedFileSystemTest extends FileSystemAcceptanceTest {
  private static final String KEY = "0123456789abcdef".repeat(4);

  @TempDir static Path host;
  private static MountedFileSystemProvider provider;
  private static FileSystem tree;

  private static MountTable.Entry entry(String at, String volume) {
    return new MountTable.Entry(
        host.resolve(at).toString(),
        host.resolve(volume).toString(),
        "/",
        Map.of("key", KEY, "create", "true", "freshness", Freshness.unchecked()));
  }

  @BeforeAll
  static void mount() throws IOException {
    Files.createDirectory(host.resolve("mnt"));
    provider =
        new MountedFileSystemProvider(
            FileSystems.getDefault().provider(),
            MountTable.of(List.of(entry("mnt/a", "a.fspf"), entry("mnt/b", "b"))));
    tree = provider.getFileSystem(URI.create("file:///"));
  }

  @AfterAll
  static void close() throws IOException {
    provider.closeMounts();
  }

  private static Path inTree(String name) {
    return tree.getPath(host.resolve(name).toString());
  }

  @Override
  protected Path workDirectory() throws IOException {
    return Files.createDirectories(inTree("mnt/a/work"));
  }

  @Override
  protected Set<String> exempt() {
    // Here the tree is not the default file system, to which file: URIs lead.
    var exempt = new HashSet<>(CompatibilityTableTest.EXPLAINED.keySet());
    exempt.add("a path's URI leads back to it");
    exempt.add("a file's URL can be read");
    exempt.add("the file system lists stores");
    // One of the targets is "/", which in a volume is the volume's root.
    exempt.add("names of a link's target may be any bytes of a path");
    return exempt;
  }

  @Test
  void whatIsNotMountedPassesThrough() throws IOException {
    Path plain = Files.writeString(inTree("plain"), "host");
    assertThat(host.resolve("plain")).hasContent("host");
    assertThat(Files.readString(inTree("mnt/a/../../plain"))).isEqualTo("host");
    Files.writeString(inTree("mnt/a/f"), "in a");
    assertThat(host.resolve("mnt/a")).doesNotExist();
    assertThat(inTree("mnt/a/f").toRealPath()).isEqualTo(inTree("mnt/a/f"));
    assertThat(inTree("mnt/b/../a/f").toRealPath()).isEqualTo(inTree("mnt/a/f"));
    try (var entries = Files.list(inTree("mnt"))) {
      assertThat(entries).containsExactlyInAnyOrder(inTree("mnt/a"), inTree("mnt/b"));
    }
    Files.copy(plain, inTree("mnt/a/g"));
    Files.move(inTree("mnt/a/g"), inTree("mnt/b/h"));
    assertThat(Files.readString(inTree("mnt/b/h"))).isEqualTo("host");
    assertThat(Files.exists(inTree("mnt/a/g"))).isFalse();
    assertThat(Files.isSameFile(inTree("mnt/a/f"), inTree("mnt/b/h"))).isFalse();
    assertThatThrownBy(
            () -> Files.move(inTree("mnt/b/h"), inTree("mnt/a/h"), StandardCopyOption.ATOMIC_MOVE))
        .isInstanceOf(AtomicMoveNotSupportedException.class);
    assertThatThrownBy(() -> Files.delete(inTree("mnt/a"))).isInstanceOf(FileSystemException.class);
    assertThat(Files.getFileStore(inTree("mnt/a/f")).getAttribute("fspf:protection"))
        .isEqualTo("encrypted");
  }

  @Test
  void filesGoBetweenTheHostAndVolumesAsFromDiskToDisk() throws IOException {
    Path inside = Files.createDirectory(inTree("mnt/a/cross"));
    Path outside = Files.createDirectory(inTree("cross"));
    Path other = Files.createDirectory(inTree("mnt/b/cross"));
    for (List<Path> way :
        List.of(List.of(inside, outside), List.of(outside, inside), List.of(inside, other))) {
      Path from = way.get(0);
      Path to = way.get(1);
      Path file = Files.writeString(from.resolve("f"), "secret");
      Files.setAttribute(file, "unix:mode", 0600);
      Files.setAttribute(file, "user:a", new byte[] {1, 2});
      var time = java.nio.file.attribute.FileTime.from(java.time.Instant.ofEpochSecond(9, 123));
      Files.setLastModifiedTime(file, time);

      // A copy is as open as what it is of, whatever the options are.
      Path copy = Files.copy(file, to.resolve("f"));
      assertThat((Integer) Files.getAttribute(copy, "unix:mode") & 0777).isEqualTo(0600);
      assertThat(Files.getLastModifiedTime(copy)).isNotEqualTo(time);
      assertThatThrownBy(() -> Files.copy(file, copy))
          .isInstanceOf(FileAlreadyExistsException.class)
          .hasMessage(copy.toString());
      Files.copy(
          file, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      assertThat(Files.getLastModifiedTime(copy)).isEqualTo(time);
      assertThat((byte[]) Files.getAttribute(copy, "user:a")).containsExactly(1, 2);

      Path link = Files.createSymbolicLink(from.resolve("l"), tree.getPath("f"));
      Files.copy(link, to.resolve("l"), LinkOption.NOFOLLOW_LINKS);
      assertThat(Files.readSymbolicLink(to.resolve("l"))).isEqualTo(tree.getPath("f"));
      Files.delete(to.resolve("l"));
      Files.move(link, to.resolve("l"));
      assertThat(Files.isSymbolicLink(to.resolve("l"))).isTrue();
      assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();

      Files.setAttribute(file, "unix:mode", 0640);
      Files.move(file, copy, StandardCopyOption.REPLACE_EXISTING);
      assertThat((Integer) Files.getAttribute(copy, "unix:mode") & 0777).isEqualTo(0640);
      assertThat(Files.getLastModifiedTime(copy)).isEqualTo(time);
      assertThat(Files.readString(copy)).isEqualTo("secret");
      assertThat(Files.exists(file)).isFalse();

      Path full = Files.createDirectory(from.resolve("full"));
      Files.writeString(full.resolve("x"), "x");
      assertThatThrownBy(() -> Files.move(full, to.resolve("full")))
          .isInstanceOf(DirectoryNotEmptyException.class)
          .hasMessage(full.toString());
      Files.delete(full.resolve("x"));
      Files.move(full, to.resolve("full"));
      assertThat(Files.isDirectory(to.resolve("full"))).isTrue();
      assertThatThrownBy(() -> Files.copy(from.resolve("none"), to.resolve("none")))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(from.resolve("none").toString());
      for (String name : List.of("f", "l", "full")) {
        Files.delete(to.resolve(name));
      }
    }
  }

  @Test
  @SuppressWarnings("StreamResourceLeak") // It is closed: a cast hides that.
  void secureDirectoriesFollowLinksOfTheHostIntoMounts() throws IOException {
    Path mounted = Files.createDirectories(inTree("mnt/a/behind/deep"));
    Files.writeString(mounted.resolve("f"), "in a");
    Path links = Files.createDirectory(inTree("secure"));
    Files.createDirectory(links.resolve("plain"));
    Files.createSymbolicLink(links.resolve("to"), inTree("mnt/a/behind"));
    Files.createSymbolicLink(links.resolve("file"), mounted.resolve("f"));
    Files.createSymbolicLink(links.resolve("plain/up"), tree.getPath("../to"));
    try (var held = (SecureDirectoryStream<Path>) Files.newDirectoryStream(links)) {
      for (String file : List.of("to/deep/f", "plain/up/deep/f", "file")) {
        try (var channel = held.newByteChannel(tree.getPath(file), Set.of(READ))) {
          assertThat(channel.size()).as(file).isEqualTo(4);
        }
        var view = held.getFileAttributeView(tree.getPath(file), BasicFileAttributeView.class);
        assertThat(Objects.requireNonNull(view).readAttributes().size()).as(file).isEqualTo(4);
      }
      assertThatThrownBy(
              () -> held.newByteChannel(tree.getPath("file"), Set.of(READ, NOFOLLOW_LINKS)))
          .isInstanceOf(IOException.class);
      var itself =
          held.getFileAttributeView(
              tree.getPath("file"), BasicFileAttributeView.class, NOFOLLOW_LINKS);
      assertThat(Objects.requireNonNull(itself).readAttributes().isSymbolicLink()).isTrue();
      try (var below = held.newDirectoryStream(tree.getPath("to"));
          var channel = below.newByteChannel(tree.getPath("deep/new"), Set.of(WRITE, CREATE_NEW))) {
        channel.write(ByteBuffer.wrap(new byte[] {1}));
        below.move(tree.getPath("deep/new"), below, tree.getPath("moved"));
        assertThat(below.iterator().next()).isEqualTo(links.resolve("to/deep"));
        assertThatThrownBy(
                () -> below.move(tree.getPath("moved"), held, tree.getPath("on-the-host")))
            .isInstanceOf(AtomicMoveNotSupportedException.class);
        assertThatThrownBy(() -> below.newByteChannel(tree.getPath("none"), Set.of(READ)))
            .isInstanceOf(NoSuchFileException.class)
            .hasMessage(inTree("mnt/a/behind/none").toString());
      }
      assertThat(Files.size(inTree("mnt/a/behind/moved"))).isEqualTo(1);
      assertThatThrownBy(() -> held.newDirectoryStream(tree.getPath("to"), NOFOLLOW_LINKS))
          .isInstanceOf(IOException.class);
      held.deleteFile(tree.getPath("to/moved"));
      held.deleteFile(tree.getPath("file"));
      assertThat(Files.exists(inTree("mnt/a/behind/moved"))).isFalse();
      assertThat(Files.exists(mounted.resolve("f"))).isTrue();
      // What is held on to is still the directory, and what stands at its old name is not.
      Files.move(links, inTree("secure-moved"));
      Files.createDirectory(links);
      held.deleteFile(tree.getPath("plain/up"));
      assertThat(Files.exists(inTree("secure-moved/plain/up"), NOFOLLOW_LINKS)).isFalse();
      Files.createSymbolicLink(links.resolve("to"), inTree("mnt/b"));
      assertThatThrownBy(() -> held.newDirectoryStream(tree.getPath("to")))
          .isInstanceOf(NoSuchFileException.class);
    }
    // Nothing is at the mounts' places on the host.
    assertThat(host.resolve("mnt/a")).doesNotExist();
  }

  private static List<String> names(Iterable<Path> entries) {
    var names = new ArrayList<String>();
    entries.forEach(entry -> names.add("" + entry.getFileName()));
    return names;
  }

  @Test
  void linksOfTheHostLeadIntoMounts() throws IOException {
    Path mounted = Files.createDirectories(inTree("mnt/a/linked/deep"));
    Files.writeString(mounted.resolve("f"), "in a");
    Path links = Files.createDirectory(inTree("links"));
    Path file = Files.createSymbolicLink(links.resolve("file"), mounted.resolve("f"));
    Path relative =
        Files.createSymbolicLink(links.resolve("relative"), tree.getPath("../mnt/a/linked"));
    Files.createSymbolicLink(links.resolve("chain"), links.resolve("relative"));
    Files.createSymbolicLink(links.resolve("above"), inTree("mnt"));
    assertThat(host.resolve("links/file")).isSymbolicLink();
    assertThat(Files.readString(file)).isEqualTo("in a");
    assertThat(Files.readString(relative.resolve("deep/f"))).isEqualTo("in a");
    assertThat(Files.readString(links.resolve("chain/deep/../deep/f"))).isEqualTo("in a");
    assertThat(Files.readString(links.resolve("above/a/linked/deep/f"))).isEqualTo("in a");
    assertThat(links.resolve("chain/deep/f").toRealPath()).isEqualTo(mounted.resolve("f"));
    try (var entries = Files.list(links.resolve("above"))) {
      assertThat(entries.map(entry -> "" + entry.getFileName())).contains("a", "b");
    }

    // The link itself is the host's.
    assertThat(Files.isSymbolicLink(file)).isTrue();
    assertThat(Files.readSymbolicLink(file)).isEqualTo(mounted.resolve("f"));
    assertThat(Files.isSameFile(file, mounted.resolve("f"))).isTrue();
    Files.copy(file, links.resolve("copy"));
    assertThat(host.resolve("links/copy")).hasContent("in a");
    Files.writeString(links.resolve("chain/new"), "written through links");
    assertThat(Files.readString(mounted.resolveSibling("new"))).startsWith("written");
    assertThat(host.resolve("mnt/a")).doesNotExist();
    assertThatThrownBy(() -> Files.readString(links.resolve("chain/none")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(mounted.resolveSibling("none").toString());
    Files.delete(file);
    assertThat(Files.exists(mounted.resolve("f"))).isTrue();

    Files.createSymbolicLink(links.resolve("loop"), tree.getPath("loop"));
    assertThatThrownBy(() -> Files.readString(links.resolve("loop/x")))
        .isInstanceOf(FileSystemException.class);
    // What the host has where a volume is mounted is hidden, also to its own links.
    Files.createDirectory(host.resolve("hidden"));
    Files.writeString(host.resolve("hidden/f"), "of the host");
    Files.createSymbolicLink(host.resolve("links/to-hidden"), host.resolve("hidden/f"));
    var provider =
        new MountedFileSystemProvider(
            FileSystems.getDefault().provider(), MountTable.of(List.of(entry("hidden", "h.fspf"))));
    try {
      FileSystem other = provider.getFileSystem(URI.create("file:///"));
      Path link = other.getPath(host.resolve("links/to-hidden").toString());
      assertThat(Files.exists(link)).isFalse();
      Files.writeString(other.getPath(host.resolve("hidden/f").toString()), "of the volume");
      assertThat(Files.readString(link)).isEqualTo("of the volume");
    } finally {
      provider.closeMounts();
    }
  }

  @Test
  @SuppressWarnings("StreamResourceLeak") // It is closed: a cast hides that.
  void directoriesAreHeldOnTo() throws IOException {
    Files.createDirectories(inTree("mnt/b/held"));
    Files.createDirectories(inTree("held"));
    for (String name : List.of("mnt/b/held", "mnt/b", "held")) {
      try (var held = Files.newDirectoryStream(inTree(name))) {
        assertThat(held).isInstanceOf(SecureDirectoryStream.class);
      }
    }
    // One that mounts stand in as well; they are in it as its other entries are.
    try (var mounts = (SecureDirectoryStream<Path>) Files.newDirectoryStream(inTree("mnt"))) {
      assertThat(names(mounts)).containsExactlyInAnyOrder("a", "b");
      try (var below = mounts.newDirectoryStream(tree.getPath("b"))) {
        assertThat(names(below)).contains("held");
      }
      assertThatThrownBy(() -> mounts.deleteDirectory(tree.getPath("b")))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("mounted");
    }
  }

  @Test
  void viewsNamePathsOfTheTree() {
    Path none = inTree("mnt/a/none");
    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable use :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> Files.getLastModifiedTime(none),
            () -> Files.getOwner(none),
            () -> Files.getPosixFilePermissions(none),
            () -> Files.setPosixFilePermissions(none, Set.of()),
            () -> Files.setLastModifiedTime(none, java.nio.file.attribute.FileTime.fromMillis(1)),
            () -> Files.setAttribute(none, "user:a", new byte[1]),
            () -> Files.readAttributes(none, "unix:*"),
            () -> view(none).readAttributes())) {
      assertThatThrownBy(use).isInstanceOf(NoSuchFileException.class).hasMessage(none.toString());
    }
  }

  private static BasicFileAttributeView view(Path path) {
    return Objects.requireNonNull(Files.getFileAttributeView(path, BasicFileAttributeView.class));
  }

  @Test
  void theTableIsRead() throws IOException {
    Path file =
        Files.writeString(
            host.resolve("mounts.properties"),
            """
            in.at=/in
            in.volume=/v.fspf
            in.path=/sub
            in.readOnly=true
            tmp.at = /tmp
            tmp.ephemeral = true
            """);
    assertThat(MountTable.read(file).entries())
        .containsExactly(
            new MountTable.Entry("/in", "/v.fspf", "/sub", Map.of("readOnly", "true")),
            new MountTable.Entry("/tmp", "", "/", Map.of()));
    Files.writeString(file, "in.at=/in\n");
    assertThatThrownBy(() -> MountTable.read(file)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new MountTable.Entry("/a", "/v", "/", Map.of("key", KEY)).toString())
        .doesNotContain(KEY);
  }

  @Test
  void anUnmodifiedProgramReadsAndWritesVolumes() throws Exception {
    Path keyFile = host.resolve("key");
    var environment =
        FspfEnvironment.empty().withKeyFile(keyFile).withFreshness(Freshness.unchecked()).create();
    try (FileSystem inputs = FspfFileSystems.open(host.resolve("inputs.fspf"), environment)) {
      Files.createDirectory(inputs.getPath("/sub"));
      Files.writeString(inputs.getPath("/one.txt"), "very secret input one");
      Files.writeString(inputs.getPath("/sub/two.txt"), "x very secret ".repeat(10_000));
    }
    Path mounts =
        Files.writeString(
            host.resolve("child.properties"),
            String.join(
                "\n",
                "in.at=/encryptedInputs",
                "in.volume=" + host.resolve("inputs.fspf"),
                "in.keyFile=" + keyFile,
                "in.readOnly=true",
                "in.tag=unchecked",
                "out.at=/encryptedOutputs",
                "out.volume=" + host.resolve("outputs"),
                "out.keyFile=" + keyFile,
                "out.create=true",
                "out.tag=unchecked",
                "tmp.at=/scratch",
                "tmp.ephemeral=true"));
    Path scratch = Files.createDirectory(host.resolve("scratch"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.nio.file.spi.DefaultFileSystemProvider="
                    + MountedFileSystemProvider.class.getName(),
                "-D" + MountedFileSystemProvider.MOUNTS_PROPERTY + "=" + mounts,
                "-Djava.io.tmpdir=" + scratch,
                "-cp",
                classPath(),
                UnmodifiedProgram.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output)
        .contains("root has mounts: [/encryptedInputs, /encryptedOutputs, /scratch]")
        .contains("temporary: scratch text")
        .contains("host: true");
    assertThat(process.exitValue()).isZero();
    try (FileSystem outputs = FspfFileSystems.open(host.resolve("outputs"), environment)) {
      assertThat(Files.readString(outputs.getPath("/results/one.txt")))
          .isEqualTo("VERY SECRET INPUT ONE");
      assertThat(Files.readString(outputs.getPath("/results/two.txt")))
          .isEqualTo("X VERY SECRET ".repeat(10_000));
    }
    assertThat(Path.of("/encryptedInputs")).doesNotExist();
    assertThat(Path.of("/encryptedOutputs")).doesNotExist();
    try (var left = Files.list(scratch)) {
      assertThat(left).noneMatch(entry -> entry.getFileName().toString().startsWith("fspf-"));
    }
    try (var all = Files.walk(host)) {
      assertThat(all.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                      .doesNotContainIgnoringCase("very secret")
                      .doesNotContain("one.txt"));
    }
  }

  /** Everything that this virtual machine has, as class path. */
  static String classPath() throws URISyntaxException {
    var parts = new LinkedHashSet<String>();
    for (String property : List.of("jdk.module.path", "java.class.path")) {
      String value = System.getProperty(property);
      if (value != null) {
        Splitter.on(File.pathSeparatorChar).omitEmptyStrings().split(value).forEach(parts::add);
      }
    }
    for (Class<?> type : List.of(UnmodifiedProgram.class, MountedFileSystemProvider.class)) {
      String resource = type.getName().replace('.', '/') + ".class";
      String location = String.valueOf(type.getResource("/" + resource));
      if (location.startsWith("file:")) {
        parts.add(
            Path.of(new URI(location.substring(0, location.length() - resource.length())))
                .toString());
      }
    }
    return String.join(File.pathSeparator, parts);
  }
}
