package io.fspf.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths of a volume do what the default provider's do, operation by operation. */
class FspfPathTest {
  @TempDir static Path host;

  private static final FileSystem UNIX = FileSystems.getDefault();
  private static final String[] NAMES = {
    "a", "b", "a", "ab", "..", ".", "", "a.b", ".a", "...", "a b", "B", "-", "!", "a!"
  };

  private static FileSystem volume;

  @BeforeAll
  static void open() throws IOException {
    volume = new TestVolumes(host).encrypted();
  }

  @AfterAll
  static void close() throws IOException {
    volume.close();
  }

  private static String randomPath(Random random) {
    var text = new StringBuilder(random.nextInt(3) == 0 ? "/" : "");
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(NAMES[random.nextInt(NAMES.length)]);
      text.append(random.nextInt(5) == 0 ? "//" : "/");
    }
    if (random.nextBoolean() && text.length() > 1) {
      text.setLength(text.length() - 1);
    }
    return text.toString();
  }

  /** A result as text that does not tell the provider. */
  private static String shown(java.util.function.Supplier<?> operation) {
    try {
      Object result = operation.get();
      if (result instanceof Iterable<?> all && !(result instanceof Path)) {
        List<String> texts = new ArrayList<>();
        all.forEach(each -> texts.add(each.toString()));
        return texts.toString();
      }
      return String.valueOf(result);
    } catch (IllegalArgumentException e) {
      return e.getClass().getSimpleName();
    }
  }

  private static final List<Function<Path, ?>> UNARY =
      List.of(
          Path::toString,
          Path::isAbsolute,
          Path::getRoot,
          Path::getFileName,
          Path::getParent,
          Path::getNameCount,
          Path::normalize,
          path -> List.copyOf(com.google.common.collect.Lists.newArrayList(path.iterator())),
          path -> path.getName(0),
          path -> path.getName(path.getNameCount() - 1),
          path -> path.getName(path.getNameCount()),
          path -> path.getName(-1),
          path -> path.subpath(0, path.getNameCount()),
          path -> path.subpath(1, 3),
          path -> path.subpath(2, 2),
          path -> path.resolve("x"),
          path -> path.resolve(""),
          path -> path.resolveSibling("x"),
          path -> path.startsWith("a"),
          path -> path.startsWith(""),
          path -> path.startsWith("/"),
          path -> path.endsWith("b"),
          path -> path.endsWith(""),
          path -> path.endsWith("/"),
          path -> path.toString().isEmpty() || path.equals(path.getFileSystem().getPath("a/b")));

  private static final List<BiFunction<Path, Path, ?>> BINARY =
      List.of(
          Path::resolve,
          Path::resolveSibling,
          Path::relativize,
          Path::startsWith,
          Path::endsWith,
          Path::equals,
          (one, two) -> Integer.signum(one.compareTo(two)),
          (one, two) -> !one.equals(two) || one.hashCode() == two.hashCode());

  @Test
  void everyOperationAgreesWithTheDefaultProvider() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      String first = randomPath(random);
      String second = random.nextInt(4) == 0 ? first + "/a/.." : randomPath(random);
      for (int i = 0; i < UNARY.size(); i++) {
        Function<Path, ?> operation = UNARY.get(i);
        assertThat(shown(() -> operation.apply(volume.getPath(first))))
            .as("seed %d, unary %d on '%s'", seed, i, first)
            .isEqualTo(shown(() -> operation.apply(UNIX.getPath(first))));
      }
      for (int i = 0; i < BINARY.size(); i++) {
        BiFunction<Path, Path, ?> operation = BINARY.get(i);
        assertThat(shown(() -> operation.apply(volume.getPath(first), volume.getPath(second))))
            .as("seed %d, binary %d on '%s' and '%s'", seed, i, first, second)
            .isEqualTo(shown(() -> operation.apply(UNIX.getPath(first), UNIX.getPath(second))));
      }
    }
  }

  @Test
  void severalPartsAreJoinedAsTheDefaultProviderDoes() {
    String[][] parts = {{"", "a", "b"}, {"/", "a"}, {"a", "", "b"}, {"a", "/b"}, {"", ""}, {"/"}};
    for (String[] all : parts) {
      String[] more = java.util.Arrays.copyOfRange(all, 1, all.length);
      assertThat(volume.getPath(all[0], more).toString())
          .isEqualTo(UNIX.getPath(all[0], more).toString());
    }
  }

  @Test
  void globsAgreeWithTheDefaultProvider() {
    String[] globs = {
      "*", "**", "?", "*.java", "a*b", "{a,b}", "{a,b}c", "[ab]", "[!ab]", "[a-c]x", "[^a]", "[-a]",
      "[!-a]", "\\*", "a/**", "**/b", "*/b", "[[]", "[]]", "[a&&b]", "a{,b}", "a}", "a,b", "(a)",
      "{a", "[a", "\\", "{a,{b}}", "[a/b]", "[z-a]", "[]", "[--0]", "+(x)", "$^", "a|b", "{*,**}",
      "[a-]", "", "/**", "{a/b,c}"
    };
    String[] paths = {
      "", "a", "b", "c", "ab", "x.java", "a/b", "a/b/c", "/a", "-", "^", "[", "]", "*", "ac", "bc",
      "bx", "a,b", "a}", "(a)", "a|b", "&", ".", "!", "$^", "+(x)", "/"
    };
    for (String glob : globs) {
      for (String path : paths) {
        assertThat(shown(() -> matches(volume, glob, path)))
            .as("glob '%s' on '%s'", glob, path)
            .isEqualTo(shown(() -> matches(UNIX, glob, path)));
      }
    }
    assertThat(volume.getPathMatcher("regex:a+/b").matches(volume.getPath("aa/b"))).isTrue();
    assertThatThrownBy(() -> volume.getPathMatcher("other:a"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> volume.getPathMatcher("a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static boolean matches(FileSystem fileSystem, String glob, String path) {
    return fileSystem.getPathMatcher("glob:" + glob).matches(fileSystem.getPath(path));
  }

  @Test
  void everyLegalNameSurvivesTheWayThroughText() {
    byte[] bytes = new byte[255];
    for (int i = 1; i < 256; i++) {
      bytes[i - 1] = (byte) (i == '/' ? 'x' : i);
    }
    FspfPath path = FspfPath.ofBytes((FspfFileSystem) volume, bytes).toAbsolutePath();
    assertThat(volume.getPath(path.toString())).isEqualTo(path);
    assertThat(Path.of(path.toUri())).isEqualTo(path);
  }

  @Test
  void urisLeadBack() throws IOException {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = bytes[i] == 0 ? (byte) '!' : bytes[i];
      }
      FspfPath path = FspfPath.ofBytes((FspfFileSystem) volume, bytes).toAbsolutePath();
      assertThat(Path.of(path.toUri())).as("seed %d", seed).isEqualTo(path);
    }
    Path hard = volume.getPath("/x!/a b/%41/ü/\ud83d\ude00?#");
    assertThat(Path.of(hard.toUri())).isEqualTo(hard);
    URI root = URI.create("fspf://" + host.toRealPath());
    assertThat(Path.of(root)).isEqualTo(volume.getPath("/"));
    assertThat(Path.of(URI.create(root + "!/a/b"))).isEqualTo(volume.getPath("/a/b"));
    assertThat(Path.of(URI.create("fspf:" + host.toUri() + "fspf.pb!/a")))
        .isEqualTo(volume.getPath("/a"));
    assertThat(FileSystems.getFileSystem(root)).isSameAs(volume);
  }

  @Test
  void whatIsNoPathIsRefused() {
    assertThatThrownBy(() -> volume.getPath("a\0b")).isInstanceOf(InvalidPathException.class);
    assertThatThrownBy(() -> volume.getPath("a\ud800b")).isInstanceOf(InvalidPathException.class);
    assertThatThrownBy(() -> volume.getPath("a").resolve(Path.of("b")))
        .isInstanceOf(ProviderMismatchException.class);
    assertThat(volume.getPath("a").startsWith(Path.of("a"))).isFalse();
    assertThat(volume.getPath("a")).isNotEqualTo(Path.of("a"));
    assertThatThrownBy(() -> volume.getPath("a").compareTo(Path.of("a")))
        .isInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> volume.getPath("a").toFile())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void relativePathsStartAtTheWorkingDirectory() throws IOException {
    Path other = host.resolve("other");
    var volumes = new TestVolumes(other);
    volumes.encrypted().close();
    try (FileSystem at =
        FspfFileSystems.open(other, volumes.environment().withWorkingDirectory("/w/d"))) {
      assertThat(at.getPath("a").toAbsolutePath()).isEqualTo(at.getPath("/w/d/a"));
      assertThat(at.getPath("").toAbsolutePath()).isEqualTo(at.getPath("/w/d"));
      java.nio.file.Files.createDirectories(at.getPath("/w/d"));
      java.nio.file.Files.writeString(at.getPath("a"), "x");
      assertThat(java.nio.file.Files.readString(at.getPath("/w/d/a"))).isEqualTo("x");
      assertThat(at.getPath("../d/./a").toRealPath()).isEqualTo(at.getPath("/w/d/a"));
    }
  }
}
